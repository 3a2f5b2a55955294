"""Frida's own Objective-C bridge sees a phone: classes, ivars, blocks with signatures, queues; hooks fire."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from standin import Phone
from standin.attaching import attach
from standin.waiting import account, until, within

frida = pytest.importorskip("frida")
pytestmark = pytest.mark.standin

AGENT = Path(__file__).resolve().parents[2] / "agent"

SCRIPT = """
import ObjC from "frida-objc-bridge";

const library = ObjC.classes.PHPhotoLibrary.sharedPhotoLibrary();
const registrar = library.$ivars._observerRegistrar;
const dispatch = Process.getModuleByName("libdispatch.dylib");
const label = new NativeFunction(dispatch.getExportByName("dispatch_queue_get_label"), "pointer", ["pointer"]);

send({
  available: ObjC.available,
  image: library.$moduleName,
  observers: registrar.$ivars._lock_externalChangeObservers.allObjects().count(),
  types: ObjC.classes.PHImageManager["- requestImageForAsset:targetSize:contentMode:options:resultHandler:"].types,
  bundle: ObjC.classes.NSBundle.mainBundle().bundleIdentifier().toString(),
});

Interceptor.attach(ObjC.classes.QuickSendObserver["- photoLibraryDidChange:"].implementation, {
  onEnter(args) { send({ callback: new ObjC.Object(args[0]).$className, queue: label(NULL).readCString() }); }
});
Interceptor.attach(ObjC.classes.PHImageManager["- requestImageDataAndOrientationForAsset:options:resultHandler:"].implementation, {
  onEnter(args) {
    const block = new ObjC.Block(args[4]);
    const caller = Thread.backtrace(this.context, Backtracer.ACCURATE)
      .map(address => Process.findModuleByAddress(address))
      .find(module => module !== null && !/\\/System\\/Library\\/|\\/usr\\/lib\\//.test(module.path));
    send({ block: block.types, caller: caller.name });
  }
});
const access = ObjC.classes.PAAccessLogger["- log:reason:"];
Interceptor.attach(access.implementation, {
  onEnter(args) {
    const logged = new ObjC.Object(args[2]);
    send({ identifier: logged.$ivars._identifier.UUIDString().toString(), kind: Number(logged.$ivars._kind) });
  }
});
Interceptor.attach(dispatch.getExportByName("dispatch_async"), {
  onEnter(args) { send({ dispatched: new ObjC.Block(args[1]).types, to: new ObjC.Object(args[0]).$className }); }
});
ObjC.schedule(ObjC.mainQueue, () => { send({ main: Process.getCurrentThreadId() === Process.id }); });
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    if not (AGENT / "node_modules" / "frida-objc-bridge").exists():
        pytest.skip("agent/node_modules has no frida-objc-bridge: run scripts/build-agent")
    folder = tmp_path_factory.mktemp("agent")
    (folder / "node_modules").symlink_to(AGENT / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "index.js").write_text(SCRIPT, encoding="utf-8")
    return frida.Compiler().build("index.js", project_root=str(folder))


def test_the_bridge_sees_what_it_sees_on_a_phone(script):
    with Phone(idle_s=0.3, leeway=0.0) as phone:
        app = phone.launch("quicksend")
        until(lambda: phone.binds)
        session = attach(app.pid)
        attached = session.create_script(script)
        seen: queue.SimpleQueue[dict] = queue.SimpleQueue()
        attached.on("message", lambda message, _: seen.put(message.get("payload", message)))
        attached.load()
        app.order("data")
        phone.new_photo()
        until(lambda: account(phone, app, "notification"))
        messages = []
        # Not detached: on a busy machine, detaching Frida can end a Linux process, whatever is hooked.
        until(lambda: messages.append(seen.get(timeout=within(5))) or messages[-1].get("kind") == 3)
        assert app.process.poll() is None, app.log.read_text(errors="replace")
        first = messages[0]
        assert first["available"] is True
        assert first["image"].endswith("/System/Library/Frameworks/Photos.framework/Photos")
        assert int(first["observers"]) == 1
        assert first["types"] == "i64@0:8@16{CGSize=dd}24q40@48@?56"
        assert first["bundle"] == "org.lightleak.quicksend"
        assert {"main": True} in messages
        assert {"callback": "QuickSendObserver", "queue": "PHChange-queue"} in messages
        assert {"block": 'v36@?0@"NSData"8@"NSString"16I24@"NSDictionary"28', "caller": "quicksend"} in messages
        assert {"dispatched": "v8@?0", "to": "OS_dispatch_queue_serial"} in messages
