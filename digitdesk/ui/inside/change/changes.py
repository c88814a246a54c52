"""What has been changed about a network, as its controls stand, and as edits in their order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from digitdesk.messages.inside.edits import Edit


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What was done to one unit or channel."""

    is_off: bool = False
    shift: float = 0.0
    scale: float = 1.0


AS_IT_WAS = UnitChange()


@dataclass(slots=True)
class Changes:
    """Changes to single units, and to the whole network.

    Attributes:
        units: By a layer's path and the unit.
        pruned: Part of all weights that are 0, the smallest of them, 0 … 1.
        noise: Random numbers added to the weights, in standard deviations of these.
        bits: That each weight has; 0 for all of them.
    """

    units: dict[tuple[str, int], UnitChange] = field(default_factory=dict)
    pruned: float = 0.0
    noise: float = 0.0
    bits: int = 0

    def of(self, layer: str, unit: int) -> UnitChange:
        """What was done to a unit."""
        return self.units.get((layer, unit), AS_IT_WAS)

    def put(self, layer: str, unit: int, change: UnitChange) -> None:
        """Do something else to a unit."""
        self.units.pop((layer, unit), None)
        if change != AS_IT_WAS:
            self.units[layer, unit] = change

    def toggle(self, layer: str, unit: int) -> None:
        """Switch a unit off, or on again."""
        now = self.of(layer, unit)
        self.put(layer, unit, replace(now, is_off=not now.is_off))

    def clear(self) -> None:
        """Take everything back."""
        self.units.clear()
        self.pruned = self.noise = 0.0
        self.bits = 0

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All of it in an order: first the weights, then single units."""
        made: list[Edit] = []
        if self.noise:
            made.append(Edit("noise", amount=self.noise))
        if self.pruned:
            made.append(Edit("prune", amount=self.pruned))
        if self.bits:
            made.append(Edit("quantize", amount=float(self.bits)))
        for (layer, unit), change in self.units.items():
            if change.scale != AS_IT_WAS.scale:
                made.append(Edit("scale", layer, unit, change.scale))
            if change.shift:
                made.append(Edit("shift", layer, unit, change.shift))
            if change.is_off:
                made.append(Edit("off", layer, unit))
        return tuple(made)
