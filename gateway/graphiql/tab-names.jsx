// GraphiQL names a tab after its operation, and GraphQL names have no Vietnamese letters.
// The tabs that the page was opened with carry the name of their sandbox person instead.
import { useGraphiQL } from "@graphiql/react";
import { useLayoutEffect, useState } from "react";

/** Puts the name on the tab's button as an attribute, which style.css shows for the title. */
export function TabNames({ names }) {
  const tabs = useGraphiQL((state) => state.tabs);
  const [nameOf] = useState(() => new Map(names.map((name, index) => [tabs[index].id, name])));
  useLayoutEffect(() => {
    tabs.forEach(({ id }, index) => {
      const button = document.getElementById(`graphiql-session-tab-${index}`);
      if (nameOf.has(id)) button?.setAttribute("data-person", nameOf.get(id));
      else button?.removeAttribute("data-person");
    });
  }, [tabs, nameOf]);
  return null;
}
