"""``lightleak pull-report``: fetch the on-device store."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._options.targets import DeviceChoice, device_options
from lightleak.cli._options.values import OnDisk
from lightleak.defaults import PHONE_STORE
from lightleak.files import replace_folder_when_whole
from lightleak.wording import plural


@click.command("pull-report")
@device_options
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FOLDER",
    type=OnDisk("a folder"),
    help="Write the store to this folder.",
)
@click.option(
    "--from",
    "store",
    default=PHONE_STORE,
    metavar="FOLDER",
    help=f"Fetch this folder of the device (default: {PHONE_STORE}).",
)
@click.option("--force", is_flag=True, help="Write into the folder if it exists, and overwrite its files.")
@click.pass_obj
def command(console: Console, device: DeviceChoice, output: Path, store: str, force: bool) -> None:
    """Fetch the privacy report's store from a jailbroken device; lightleak inspect FOLDER reads it.

    Frida reads it as root. The phone must have been unlocked once since it started.
    """
    from lightleak.device.helpers.store_fetch import pull_store
    from lightleak.errors import DeviceError

    with replace_folder_when_whole(output, force=force) as draft:
        pulled = pull_store(device, store.rstrip("/") or "/", draft, console.info)
        if not pulled.files:
            raise DeviceError(
                f"{store} holds no file", hint="turn App Privacy Report on in Settings, and use the phone for a while"
            )
    for name in pulled.changing:
        console.warning(f"the phone kept writing to {name}: its last records may be missing")
    console.info(f"{plural(len(pulled.files), 'file')}, {pulled.bytes} bytes in {output}")
