"""What kind of device a process runs on, as far as the device itself gives it away.

Only what a device says against being a phone counts. Nothing that it says proves that it is one: a virtual phone can be given
the names of a phone that is sold, and its kernel can be made to deny that it runs in a virtual machine. So ``physical`` is
never the answer here (docs/without-a-phone.md).

Separate because it is pure, and what it goes by is a list of signs with sources.

Source: mach-o/loader.h (platforms); Apple's own frameworks read ``kern.hv_vmm_present`` to know a virtual machine; the virtual
phones of Apple's research environment call themselves iPhone99,11, on the boards VPHONE600AP and VRESEARCH101AP.
"""

from __future__ import annotations

import re

from lightleak.device.protocol import Description
from lightleak.device.system import DeviceSystem
from lightleak.events import DeviceKind

_SIMULATORS = frozenset({7, 8, 9, 12})
"""Of iOS, tvOS, watchOS and visionOS."""

_VIRTUAL_PRODUCT = re.compile(r"(iPhone|iPad|iPod)99,\d+|VirtualMac\d+,\d+")
_VIRTUAL_BOARD = re.compile(r"(VPHONE|VRESEARCH)\d+AP", re.IGNORECASE)


def device_kind(description: Description, system: DeviceSystem) -> DeviceKind | None:
    """Return what kind of device runs the agent's process (contract, section 3); None where that is not known.

    No phone runs another system than Darwin. A simulator's process has the kernel of its Mac, which can be a virtual machine
    too: what the process was built for comes first.
    """
    if system.simulator or description.built_for in _SIMULATORS:
        return "simulator"
    if description.platform != "darwin":
        return "stand-in"
    return "virtual" if description.guest == 1 or _has_virtual_name(description, system) else None


def _has_virtual_name(description: Description, system: DeviceSystem) -> bool:
    products, boards = (description.model, system.product), (description.board, system.board)
    return any(name and _VIRTUAL_PRODUCT.fullmatch(name) for name in products) or any(
        name and _VIRTUAL_BOARD.fullmatch(name) for name in boards
    )
