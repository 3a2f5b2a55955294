"""``lightleak pull-report``: the on-device store, fetched."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._targets import DeviceChoice, device_options
from lightleak.defaults import PHONE_STORE
from lightleak.files import replace_folder_when_whole


@click.command("pull-report")
@device_options
@click.option(
    "-o", "--output", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="The folder to write."
)
@click.option(
    "--from", "store", default=PHONE_STORE, metavar="FOLDER", show_default=True, help="The store on the device."
)
@click.option("--force", is_flag=True, help="Write into a folder that exists, over files of the same names.")
@click.pass_obj
def command(console: Console, device: DeviceChoice, output: Path, store: str, force: bool) -> None:
    """Fetch the privacy store of a jailbroken device, as it stands; lightleak inspect FOLDER reads it.

    It is read as root, through Frida. The phone must have been unlocked once since it started.
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
        console.warning(f"the phone was writing {name} all the time: its last records may be missing")
    files = "1 file" if len(pulled.files) == 1 else f"{len(pulled.files)} files"
    console.info(f"{files}, {pulled.bytes} bytes in {output}")
