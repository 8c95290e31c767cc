"""Office holders: the secretary, deputy, instructor and contact of a unit or an organization. The only personal data kept."""
