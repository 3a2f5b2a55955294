"""What only a phone can confirm: data. docs/unconfirmed.md shows this table, and a test compares the two.

Separate because a claim is more than what a verdict rests on: it also covers hooks, files and launches. The assumptions
of verdicts, and which claim decides each, are in ``lightleak.comparator.assumptions``.
"""

from __future__ import annotations

from dataclasses import dataclass

from lightleak.comparator.assumptions import ASSUMPTIONS


@dataclass(frozen=True, slots=True)
class UnconfirmedClaim:
    """Something that the tool relies on and that was not seen on a phone."""

    number: int
    """Its row in the docs; stable."""
    claim: str
    matters: str
    """What in the tool depends on it."""
    source: str
    how: str
    """How to see it by hand."""
    asked: bool = True
    """Whether ``lightleak fieldtest`` tests it."""
    arm64: str = ""
    """What the tests on an emulated arm64 machine show of it, and what only a phone can; empty: nothing."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The comparator's assumptions that it decides: rules that rest on them can be switched."""
        return tuple(name for name, assumption in ASSUMPTIONS.items() if assumption.number == self.number)


def _assumed(name: str) -> str:
    text = ASSUMPTIONS[name].text
    return text[0].upper() + text[1:]


CLAIMS = (
    UnconfirmedClaim(
        1, "The UUID of the first `PAAccess` in the app's process is the `identifier` that the report shows",
        "cause `query`, `match: identifier`", "call graphs of iOS 18 and 26",
        "`lightleak record APP -U -o s` while the app queries, export, `lightleak compare s --report R`: `clock.lag_ms.n` > 0",
    ),
    UnconfirmedClaim(
        2, "`-[PHQuery executeQuery]` logs an access in the app's process on every query", "one row per query burst",
        "call graph of iOS 18.1 and later; the call site before is not verified",
        "the same: every `metadata` access is followed by `accounting`",
    ),
    UnconfirmedClaim(
        3, "Registering an observer with permission opens the library, and that alone makes an entry (by assetsd)",
        "cause `open`", "call graph", "record an app that only registers; the report has one photos row",
    ),
    UnconfirmedClaim(
        4, "Delivering `photoLibraryDidChange:` makes no entry, nor does `changeDetailsForFetchResult:`",
        "cause `notification`", "no call site found, which is no proof",
        "record an observer that does nothing; new photo; no row",
    ),
    UnconfirmedClaim(
        5, _assumed("reads_make_no_entry"), '"rows are not reads", `depth` next to `cause`',
        "no call site found", "record an app that reads images of assets fetched an hour ago",
    ),
    UnconfirmedClaim(
        6, "An entry ends 60 to 75 s after the last access, earlier when the process is suspended",
        "`lone-access`, `finalised`", "25 real exports (spikes at 60.0 and 74.9 s), call graph",
        "lengths of entries in `lightleak inspect R`",
    ),
    UnconfirmedClaim(
        7, _assumed("stamp_is_later"), '`--lag`, "near"',
        "background-priority logger; real twins", "`clock.lag_ms` of any comparison with identifiers",
    ),
    UnconfirmedClaim(
        8,
        "Private names: `PAAccessLogger`, `PACoalescingIntervalTracker`, `PLPrivacy`, `PHQuery`, observer tables "
        "(`_externalObservers` 15, `_externalChangeObservers` 17.0, `_observerRegistrar` 17.4, `_changeObserverRegistrar` 26)",
        "probes marked optional", "runtime dumps 12.0, 15.0, 17.0.3; symbol diffs of 17.3 to 27.0",
        "`lightleak probes APP -U`: status and reason of each",
    ),
    UnconfirmedClaim(
        9, "The picker's rows carry `outOfProcess: true` and only when something was chosen", "cause `picker`",
        "382 rows of real exports; call graph", "pick and cancel; compare the rows",
    ),
    UnconfirmedClaim(
        10, _assumed("extension_has_own_rows"), "extensions as their own identifiers",
        "not established", "share a photo with the extension watched (`watch APP`)",
    ),
    UnconfirmedClaim(
        11, "A suspended app hears of changes only when it runs again", "notifications after a wake-up",
        "UIKit documentation on queued notifications", "record across a lock",
    ),
    UnconfirmedClaim(
        12, "CModule and Interceptor work on arm64e system images in the versions pinned", "the hot lane; all hooks",
        "Frida release notes", "`lightleak doctor APP -U`: hooks and compiler",
        arm64="Frida hooks the functions of arm64 libraries, and a CModule runs in them. Open: system images of arm64e, in the memory of iOS",
    ),
    UnconfirmedClaim(
        13, "The SEGB v2 layout of the PrivacyAccounting streams", "`pull-report`, store as REPORT",
        "published research; iLEAPP", "`lightleak pull-report -U -o store && lightleak inspect store`",
    ),
    UnconfirmedClaim(
        14, "Spawn gating sees launches by the system, extensions too", "`watch`, `-W`", "Frida 17.16 source",
        "`lightleak watch APP -U -o s`, then open the app",
    ),
    UnconfirmedClaim(
        15, "Locking the phone suspends an app, and the recorder can distinguish that from a broken link",
        "`process` suspended and resumed; time asleep does not count towards the lag",
        "UIKit documentation; frida issue 2934", "record across a lock: `process` suspended, resumed",
    ),
    UnconfirmedClaim(
        16, "Frame pointers, followed inside the thread's own stack, give the calls of an app as far as its main function",
        "`stack` of every event", "arm64 procedure call standard; Apple's platform notes",
        "`lightleak record APP -U -o s`: frames of the app in most `stack` events", asked=False,
        arm64="arm64 code has them, and the walk goes from the call to the app's main function, also where return addresses are signed. "
        "Open: code of Apple's compiler, and apps that leave frame pointers out",
    ),
    UnconfirmedClaim(
        17, "The regulatory logger's functions have the names `plslogGreenTea…` and are exported, on phones for mainland China",
        "probes `regulatory.*`, recorded with `--internal`", "call graphs of iOS 18",
        "`lightleak probes APP -U` on such a phone: would install", asked=False,
    ),
    UnconfirmedClaim(
        18, "assetsd keeps its client's bundle identifier in `_trustedCallerBundleID` of PLClientAuthorization",
        "`detail.client` of assetsd's events; null where it is elsewhere", "runtime dumps of 15.0 and 17.0.3",
        "`lightleak record APP -U --with assetsd -o s`", asked=False,
    ),
    UnconfirmedClaim(
        19, "UIKit posts the notifications of scenes on the main thread, and its scenes can be read in one",
        "`state` of an app with several windows", "UIScene.h, UIKit documentation",
        "record an iPad app with two windows; close one", asked=False,
    ),
    UnconfirmedClaim(
        20, "The hot lane runs on a phone: TinyCC on arm64e, its calls of signed pointers, memory that C writes",
        "speed only: where it is not available, `lane` `auto` is JavaScript", "Frida source (CModule), not run",
        "`describe()` says `c`, and a fetch is recorded once", asked=False,
        arm64="TinyCC's code for arm64 runs: every call of the hard cases is recorded once on the hot lane. Open: calls of signed pointers "
        "(arm64e), and iOS's rules for memory that is made executable",
    ),
    UnconfirmedClaim(
        21,
        "An eternalised script goes on in an app of a phone after its connection has ended, and another script of the "
        "process can call it (a signed pointer on arm64e)",
        "nothing is lost across locks and cut cables (ADR 0040)", "Frida's documentation; measured on Linux only",
        "`lightleak watch APP -U -o s`, pull the cable for a minute while the app is used: one segment, no `lost`", asked=False,
    ),
    UnconfirmedClaim(
        22,
        "`--spool`: an app's container takes `mkstemp`, `link` and `pwrite`, also while the phone is locked (data protection "
        "until first unlock), and `kill(pid, 0)` detects a dead process",
        "what an untethered app did is recorded at its next launch", "Apple's data-protection classes; no run",
        "the same with `--spool`, end the app while it is away: the next launch is preceded by a segment that ends `exited`",
        asked=False,
    ),
    UnconfirmedClaim(
        23,
        "Touches and hardware keys reach an app through `-[UIApplication sendEvent:]`, also those of AssistiveTouch, Switch "
        "Control and a pointer; actions of gestures run inside it; `allTouches` and `allPresses` hold what the event is about",
        "`input` events; trigger `touch` by link. What is activated in another way (VoiceOver, Siri, a widget, a keyboard in "
        "its own process) is no `input`",
        "UIEvent.h, UITouch.h, UIPress.h; UIKit documentation",
        "`lightleak record APP -U -o s`, tap a button that reads: the read names an `input`; again with AssistiveTouch", asked=False,
    ),
    UnconfirmedClaim(
        24,
        "UIKit posts the notifications of an app's life by `-[NSNotificationCenter postNotificationName:object:]` or "
        "`…userInfo:`, with its own constants as names, and observers run inside that call",
        "an observer's reads have the `state` as their cause; else only those of delegate methods do",
        "UIApplication.h, UIScene.h; Foundation documentation",
        "record an app that reads in an observer of `UIApplicationDidBecomeActiveNotification`: the read names a `state`",
        asked=False,
    ),
    UnconfirmedClaim(
        25,
        "A process in an app's bundle without a `UIApplication` is at its launch",
        "reason `launch` of the first `state` with `-f`", "UIKit documentation of `UIApplicationMain`",
        "`lightleak record -f APP -U -o s`: the first `state` says `launch`, and no later one does", asked=False,
    ),
    UnconfirmedClaim(
        26,
        "An app may ask `proc_pid_rusage` about itself: version 6 with the energy since iOS 16, version 4 before; offsets as "
        "in sys/resource.h, times in units of the mach clock",
        "`usage` events; the energy is null where the kernel says 0", "sys/resource.h; programs for macOS; not run on iOS",
        "`lightleak record APP -U -o s`: `usage` events with figures, `cpu_ns` as in Xcode's gauge", asked=False,
    ),
    UnconfirmedClaim(
        27,
        "Frida can move the beginnings of libdispatch's and Foundation's functions that hand work on (else listeners take their place), and "
        "TinyCC on arm64 passes a call's floating-point argument on",
        "`cause` of work that was handed on; the cost of each hand-off", "Frida's documentation; measured on Linux, x86-64",
        "`lightleak record APP -U -o s`: hooks of probe `handoff` are installed without a reason; `-performSelector:withObject:afterDelay:` "
        "still waits as long as the app says", asked=False,
    ),
    UnconfirmedClaim(
        28,
        "NSURLSession's methods with a completion handler, `-[NSRunLoop performBlock:]`, `CFRunLoopPerformBlock` and NSThread's methods with a "
        "block are where the SDK's headers have them, and no private subclass overrides them",
        "`cause` of what an app does when a download has ended, or in such a block", "Foundation's headers; the stand-in does not have them",
        "record an app that downloads in a change callback and reads in the handler: the read names the `notification`", asked=False,
    ),
    UnconfirmedClaim(
        29,
        "`class_addMethod`, `class_replaceMethod`, `method_setImplementation`, `method_exchangeImplementations` and `object_setClass` of "
        "the phone's libobjc can be replaced by Frida, and libraries that replace methods call them",
        "a replaced callback is seen at once (ADR 0091); otherwise within a second, and the recording says so",
        "objc/runtime.h, public source of the runtime; measured on Linux only",
        "`lightleak record APP -U -o s`: hooks of the probe `replacement` are installed, none has the code `found-late`", asked=False,
    ),
    UnconfirmedClaim(
        30,
        "A page of an app can be made executable, and a block whose code lies there can be hooked and outlives the agent",
        "deliveries to handlers that are too short to hook; otherwise they are counted as not watched", "Frida does the same; not run",
        "record an app whose handlers do nothing: no `delivery` has a `reason`", asked=False,
    ),
    UnconfirmedClaim(
        31,
        "In Apple's runtime compiled code makes every Swift task through the exported `swift_task_create`, which returns two "
        "pointers as C does; `swift_task_getCurrent` and, since iOS 17, `swift_task_getJobTaskId` may be called in any hook; "
        "numbers of tasks only rise",
        "reads of Swift tasks have the origin from which the task was made as their `cause`",
        "Apple's SDKs (exports); open source of the runtime; run on Swift 6.0.3 on Linux, x86-64",
        "record an app that reads in a `Task {}` of its change callback: the read names the `notification`", asked=False,
    ),
    UnconfirmedClaim(
        32,
        "Before iOS 17 a new task is enqueued by one of four exported functions inside `swift_task_create`",
        "no task of iOS 15 and 16 has the origin of an older one that lay at its address",
        "open source of Swift 5.5 to 5.8; run with a runtime whose numbers are hidden",
        "the same on iOS 16, many tasks at once", asked=False,
    ),
    UnconfirmedClaim(
        33,
        "Values of streams and of tasks reach an older task through `swift_continuation_resume…`, `swift_task_future_wait…` and "
        "`AsyncStream.Continuation.yield`, which are exported and not inlined into the app",
        "`resumed_by`, and the escape `value`",
        "Apple's SDKs (exports); run on Swift 6.0.3 on Linux",
        "record an app whose callback yields into an `AsyncStream` that a task reads from: the read has `resumed_by`", asked=False,
    ),
    UnconfirmedClaim(
        34,
        "iOS 27 keeps observers of the history in `_lock_persistentChangesObservers` of the object in `_changeObserverRegistrar`, and calls "
        "`photoLibraryPersistentChangesDidUpdate:` with the library after a change",
        "`observer` and `notification` events of type `persistent-changes`; found at the attach",
        "symbol diffs of 26.5 to 27.0; PHPhotoLibrary.h of the 27 SDK; not run",
        "`lightleak probes APP -U` on iOS 27: the callback's table is that of 27; record an app that registers one, and take a photo", asked=False,
    ),
    UnconfirmedClaim(
        35,
        "Registering an observer of the history with permission opens the library, as for one of changes, and can ask for permission",
        "the registration counts as `open`",
        "a log line of 27 that says the registration waits for permission; PHPhotoLibrary.h: read-write permission is required",
        "record an app that only registers one; the report has one photos row", asked=False,
    ),
    UnconfirmedClaim(
        36,
        "An app names the destination of an upload by the system in `createJobWithDestination:resource:` (26.1), "
        "`creationRequestForJobWithDestination:resource:` (26.4) or `retryWithDestination:`, in its own process or that of its upload "
        "extension, and no other method of the app starts one",
        "depth `upload`; `detail.host`",
        "PHAssetResourceUploadJobChangeRequest.h of the 26.4 and 27 SDKs; the way through Swift (`PHBackgroundResourceUploadExtension`) is not seen",
        "`lightleak watch APP -U -o s` of an app with an upload extension: each job of the app is one `upload`", asked=False,
    ),
    UnconfirmedClaim(
        37,
        "The destination of an upload is an NSURLRequest of Foundation's own class, whose `URL` and `host` run no code of the app",
        "`detail.host`; null where it is of another class",
        "PHAssetResourceUploadJobChangeRequest.h; not run",
        "the same: `detail.host` is the host that the app uploads to", asked=False,
    ),
    UnconfirmedClaim(
        38,
        "An app that ends is missing from the phone's list of processes within a second, its attachment ends as `process-terminated`, and a list "
        "twice a second, or the agent without a hook, ends no app that does not look for Frida",
        "`doctor --bisect`; marks of apps that ended soon",
        "Frida's documentation; run on Linux only",
        "`lightleak doctor APP -U --bisect` of an app of your own: `stays`; end it by hand in a run: that run says so", asked=False,
    ),
    UnconfirmedClaim(
        39,
        "A process of a simulator was built for one (`dyld_get_active_platform` is 7) and has its model and iOS in `SIMULATOR_…`; the kernel of a virtual "
        "iPhone says so (`kern.hv_vmm_present` is 1), or names a virtual model or board; a phone's does neither",
        "`device.kind`; null where there is no sign",
        "mach-o/loader.h; decompiled frameworks of Apple that read the same; public scripts for virtual iPhones; not run",
        "`lightleak record APP -U -o s`, `lightleak export s --format ndjson | head -1`: null on a phone, `virtual` and `simulator` there", asked=False,
    ),
    UnconfirmedClaim(
        40,
        "A phone lists a process with the path of its program; an extension's is inside the folder of its app (`PlugIns`, `Extensions`), which "
        "the list of apps names, also of an app that does not run",
        "`watch APP` records the app's extensions, also those that the system starts while the app does not run",
        "frida-core source (parameters `path` of processes and applications); run on Linux",
        "`lightleak watch APP -U -o s` of an app with an upload extension, and end the app: the extension is a segment of the role `extension`",
        asked=False,
    ),
    UnconfirmedClaim(
        41,
        "An exception that a hooked method raises passes through Frida's hook to the app that catches it",
        "an app that asks for a change outside of `performChanges:` and catches what that raises goes on",
        "Frida source and its tests (UnwindSitter, since 17.11 the unwind broker): only where it recognises libunwind. On Linux it ends the process (ADR 0095)",
        "in an app of your own, watched: call `+[PHAssetChangeRequest deleteAssets:]` outside of a change and catch the exception", asked=False,
    ),
    UnconfirmedClaim(
        42,
        "iOS sends an upload that an app asked for without a photos entry of its own, and the report has its contacts under the app or its "
        "extension, with the host that the app named",
        "`network` of `uploads`; the clause about the report's contacts; uploads that are `unreported`",
        "decompiled assetsd: the session is given the client's bundle identifier as its source; not run",
        "`lightleak watch APP -U -o s` of an app with an upload extension; a day later compare with the report: `uploads` of the summary has `network`",
        asked=False,
    ),
    UnconfirmedClaim(
        43,
        "A picker's result keeps its provider in `_itemProvider` and its asset in `_assetIdentifier` of PHPickerResult, or gives the "
        "provider by `-[PHPickerResult itemProvider]`, SwiftUI's PhotosPicker and Swift's own PHPickerResult too",
        "`picker` events of what is loaded; `asset` of them",
        "PHPicker.h of the 16.5 and 26.4 SDKs; the ivars are inferred from its properties; nothing of SwiftUI was run",
        "`lightleak record APP -U -o s`, choose two photos in an app with PHPicker and in one with PhotosPicker: each load is one `picker` event",
        asked=False,
    ),
    UnconfirmedClaim(
        44,
        "A picker's provider is loaded by NSItemProvider's eight public methods, on its own class or one that is found at the choice; a load "
        "that Foundation makes for another runs inside it, on the same thread",
        "each load of the app is one event",
        "NSItemProvider.h of the 26.4 SDK; that Transferable ends in these methods is inferred",
        "the same: `lightleak show s --filter 'depth = picker'` has one load for each that the app makes",
        asked=False,
    ),
    UnconfirmedClaim(
        45,
        "An NSItemProvider may have an associated object, and loses it when it is freed",
        "which providers are a picker's; no app object lives longer",
        "objc/runtime.h, public source of the runtime; the stand-in has associations of its own",
        "the same, then paste or drag a picture into the app: no further `picker` event",
        asked=False,
    ),
    UnconfirmedClaim(
        46,
        "Every read of a photo's place by an app calls `-[PHAsset location]`, from Swift and by key-value coding too, or `_uncachedLocation`",
        '`property` events; "read the place of … photos"',
        "PHAsset.h; decompiled Photos of iOS 16.5, 18 and 26",
        "record an app that shows a map of its photos: as many places as photos on it", asked=False,
    ),
    UnconfirmedClaim(
        47,
        "`PHObject` keeps a photo's identifier as text in `_uuid`, `PHAssetResource` in `_assetLocalIdentifier` or through `_asset`, and a "
        "getter may read it while it runs",
        "`assets` of `property`; null where it is not so",
        "runtime dumps of 12.0 to 17.0.3; decompiled Photos of 26",
        "the same: `assets` is a number and `at_least` is absent", asked=False,
    ),
    UnconfirmedClaim(
        48,
        "The counted getters are long enough to be replaced, and an exception passes the instructions in their place, on arm64 too",
        "`hook` events of `property.*`; the app goes on",
        "the stand-in on x86-64; Arm64 instructions were only read",
        "`lightleak probes APP -U`, then record an app that reads file names: every hook `installed`", asked=False,
    ),
    UnconfirmedClaim(
        49,
        "`_createPropertyObjectOfClass:`, or the form with `preFetchedProperties:`, is the one way in which a set of properties is loaded on demand",
        "`property` events of sets",
        "decompiled Photos of 18 and 26; no symbol of either removed up to the 27.2 beta",
        "record an app that reads `originalFilename` of 100 photos; the device's log has 100 lines \"Fetching on demand\"", asked=False,
    ),
    UnconfirmedClaim(
        50,
        "The predicates and sort descriptors of a fetch are of Foundation's own classes, and their accessors neither change nor throw anything",
        "`detail.predicate`, `detail.sort`",
        "NSPredicate.h, NSExpression.h; run on GNUstep's Foundation",
        "record an app that fetches favourites: `detail.predicate` is `favorite`", asked=False,
    ),
    UnconfirmedClaim(
        51,
        "An address on arm64e is what the processor leaves of a pointer when it strips it; in an app of arm64, return addresses, code "
        "pointers and isa carry no signature",
        "whose code called, `stack`, `cause` of work that was handed on",
        "Arm Architecture Reference Manual; Frida source (`strip`); the public kernel source turns the keys off for arm64 apps",
        "`lightleak record APP -U -o s` of an app that reads and hands work on: its reads have a `caller`, a stack as far as main, and a `cause`; "
        "the same with `--with assetsd`, which is arm64e",
        asked=False,
        arm64="stacks and causes are whole where return addresses are signed, and blocks whose code pointer has other bits are followed. "
        "Open: signed code pointers themselves",
    ),
    UnconfirmedClaim(
        52,
        "A block's code pointer is signed on arm64e with the key IA for the place where it is kept, `_Block_copy` signs it again, and a block "
        "that the agent makes is called when it is signed so",
        "deliveries; work that was handed on. A global block that is signed gets no copy by hand: one sort of hand-off is then counted as not followed",
        "Apple's public blocks runtime; clang's documentation of pointer authentication; not run",
        "`lightleak doctor APP -U` and a field test in a process of arm64e (a system app): deliveries come, the process lives on",
        asked=False,
    ),
    UnconfirmedClaim(
        53,
        "`object_getClass` answers for tagged pointers and for objects whose isa is packed or signed; the agent reads no isa itself, and no ivar of "
        "a tagged pointer's class",
        "every value that is read from an object: counts, texts, errors, identifiers",
        "public source of Apple's runtime; the stand-in's runtime has neither",
        "`lightleak record APP -U -o s` of an app that passes a short NSString, an NSNumber and a small NSArray: values are there, the app lives on",
        asked=False,
    ),
    UnconfirmedClaim(
        54,
        "`class_copyMethodList` and `method_getImplementation` give methods of relative lists as others, and an implementation that is replaced "
        "there is what runs",
        "every hook of a method; a callback that is replaced",
        "public source of Apple's runtime; the stand-in's runtime has no such lists",
        "`lightleak probes APP -U`: methods of Photos would be installed, none is missing that the headers have",
        asked=False,
    ),
    UnconfirmedClaim(
        55,
        "A message through a stub (`objc_msgSend$selector`, Xcode 14 and later) returns to the function that sent it, and Swift and Objective-C "
        "pass arguments of variadic methods on the stack",
        "`caller` and `stack`; no hooked method that is variadic is read",
        "clang source; Apple's notes on the arm64 ABI",
        "`lightleak record APP -U -o s` of an app of Xcode 14 or later: the first frame of a read is the app's function",
        asked=False,
        arm64="a stub as clang writes it is passed through: the first frame is the function that sends. Functions whose code is hooked keep "
        "structures in `d` registers, results through `x8`, arguments on the stack, and variadic ones as Linux passes them. Open: variadic "
        "ones as iOS passes them",
    ),
    UnconfirmedClaim(
        56,
        "frida-server on a phone has a system session (process 0) in a process of its own, which compiles the agent, and what it compiles "
        "is what apps load; a gadget has none",
        "loading the agent takes 4 ms in place of 20; where it is not so, the source is loaded",
        "frida-core, darwin-host-session.vala; bytecode of one process loaded in another on Linux",
        "`frida -U -p 0`; then `lightleak record APP -U -o s` twice: the second is ready sooner",
        asked=False,
    ),
    UnconfirmedClaim(
        57,
        "`F_PREALLOCATE` and `ftruncate` give a file in an app's container all of its blocks, so that no store to its mapping ends the app, and "
        "dirty pages of a mapped file do not count to an app's footprint (`phys_footprint`)",
        "`--spool`: up to a million events wait in such a file; the app lives on, and iOS does not end it for its memory (ADR 0102)",
        "fcntl(2) of Darwin; public kernel source: pages of files are external memory, which the footprint leaves out; not run",
        "`lightleak record APP -U -o s --spool` of an app that reads much: no fault about the ring, and `footprint_bytes` of its `usage` "
        "events stays within 32 MB of what it is without `--spool`",
        asked=False,
    ),
)  # fmt: skip


def claim(number: int) -> UnconfirmedClaim:
    """Return a claim by its number. Raises: KeyError."""
    return {row.number: row for row in CLAIMS}[number]


def markdown_table() -> str:
    """Return the claims as docs/unconfirmed.md shows them."""
    lines = ["| # | claim | where it matters | source | how to confirm |", "|---|---|---|---|---|"]
    for row in CLAIMS:
        how = row.how + ("" if row.asked else " (not asked by `fieldtest`)")
        lines.append(f"| {row.number} | {row.claim} | {row.matters} | {row.source} | {how} |")
    return "\n".join(lines) + "\n"


def markdown_list() -> str:
    """Return what an emulated arm64 machine shows of the claims, as docs/unconfirmed.md has it."""
    return "".join(f"* **{row.number}**: {row.arm64}.\n" for row in CLAIMS if row.arm64)
