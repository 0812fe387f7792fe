"""The Merkle tree over stored entries: places, checkpoints, proofs, exports."""
