"""Where a registry is corrected: what an officer tells a citizen whose data is missing or wrong."""

from collections.abc import Mapping

from adapters.registry import RegistryName
from resolvers.results import Office

_OFFICES: Mapping[RegistryName, tuple[str, str | None, str, str]] = {
    RegistryName.POPULATION: (
        "Công an cấp xã nơi cư trú; đối với thông tin hộ tịch: Ủy ban nhân dân cấp xã",
        "1.004859",
        "Trung tâm Phục vụ hành chính công cấp xã (Bộ phận Một cửa)",
        "Public administration service centre (one-stop shop) of the ward or commune",
    ),
    RegistryName.BUSINESS: (
        "Cơ quan đăng ký kinh doanh cấp tỉnh; đối với hộ kinh doanh: cấp xã",
        None,
        "Bộ phận Một cửa của cơ quan đăng ký kinh doanh",
        "One-stop shop of the business registration office",
    ),
    RegistryName.INSURANCE: (
        "Cơ quan bảo hiểm xã hội",
        None,
        "Cơ quan bảo hiểm xã hội nơi đang tham gia",
        "Social insurance office where the person participates",
    ),
    RegistryName.LAND: (
        "Văn phòng đăng ký đất đai",
        "1.013833",
        "Chi nhánh Văn phòng đăng ký đất đai nơi có đất",
        "Land registration office where the land lies",
    ),
}


def office_for(registry: RegistryName, language: str) -> Office:
    """Name the office that corrects *registry*, and the procedure by which it does."""
    authority, procedure, where_vi, where_en = _OFFICES[registry]
    return Office(
        registry=registry,
        authority=authority,
        procedure=procedure,
        where=where_en if language == "en" else where_vi,
    )
