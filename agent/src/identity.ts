// The process that the agent is in, its bundle, and the device.
import { now } from "./clock.js";
import { findExport, needExport } from "./native.js";
import { ask } from "./objc/messages.js";
import { available, lookUpClass } from "./objc/runtime.js";
import { pooled, text, toText } from "./objc/values.js";
import { PROTOCOL_VERSION, type Role } from "./protocol.js";
import { AGENT_VERSION } from "./version.js";

const MOST_TEXT = 256;

export interface Identity {
  readonly process: string;
  readonly identifier: string | null;
  readonly bundleName: string | null;
  readonly bundleVersion: string | null;
  readonly timeZone: string | null;
}

let known: Identity | undefined;

export function identity(): Identity {
  known ??= read();
  return known;
}

export function role(): Role {
  const { name, path } = Process.mainModule;
  if (path.includes(".appex/")) return "extension";
  if (name === "assetsd") return "assetsd";
  return path.includes(".app/") ? "app" : "other";
}

function read(): Identity {
  const process = Process.mainModule.name;
  const unknown = { process, identifier: null, bundleName: null, bundleVersion: null, timeZone: null };
  if (!available) return unknown;
  try {
    return pooled(() => ({ process, ...bundle(), timeZone: timeZone() }));
  } catch {
    return unknown;
  }
}

function bundle(): Pick<Identity, "identifier" | "bundleName" | "bundleVersion"> {
  const main = ask(lookUpClass("NSBundle")!, "mainBundle");
  const info = (key: string): string | null => toText(ask(main, "objectForInfoDictionaryKey:", text(key)));
  return {
    identifier: toText(ask(main, "bundleIdentifier")),
    bundleName: info("CFBundleDisplayName") ?? info("CFBundleName") ?? info("CFBundleExecutable"),
    bundleVersion: info("CFBundleShortVersionString") ?? info("CFBundleVersion"),
  };
}

function timeZone(): string | null {
  return toText(ask(ask(lookUpClass("NSTimeZone")!, "systemTimeZone"), "name"));
}

/** Return what the kernel says under a name, where it can be read. Source: sysctl(3). */
function kernelValue(name: string): NativePointer | null {
  const address = findExport("sysctlbyname");
  if (address === null) return null;
  const sysctl = new NativeFunction(address, "int", ["pointer", "pointer", "pointer", "pointer", "size_t"]);
  const size = Memory.alloc(8).writeU64(MOST_TEXT);
  const buffer = Memory.alloc(MOST_TEXT);
  return sysctl(Memory.allocUtf8String(name), buffer, size, NULL, 0) === 0 ? buffer : null;
}

const kernelText = (name: string): string | null => kernelValue(name)?.readUtf8String() ?? null;

/** Return the platform that this process was built for, as Apple numbers it. Source: mach-o/loader.h, dyld_priv.h. */
function builtFor(): number | null {
  const address = findExport("dyld_get_active_platform");
  return address === null ? null : new NativeFunction(address, "uint32", [])();
}

/** Source: mach-o/loader.h: the simulators of iOS, tvOS, watchOS and visionOS. */
const SIMULATORS: readonly (number | null)[] = [7, 8, 9, 12];

/** Return what a simulator's process is given to know of its device: its kernel is the Mac's. Source: CoreSimulator's environment. */
function simulated(name: string): string | null {
  const getenv = new NativeFunction(needExport("getenv"), "pointer", ["pointer"]);
  return getenv(Memory.allocUtf8String(`SIMULATOR_${name}`)).readUtf8String();
}

/** Answer `describe()` for the agent of that name. */
export function describe(agent: string, lane: "c" | "js"): Record<string, unknown> {
  const { process, identifier, bundleName, bundleVersion, timeZone: zone } = identity();
  const platform = builtFor();
  const isSimulated = SIMULATORS.includes(platform);
  return {
    protocol: PROTOCOL_VERSION,
    agent,
    version: AGENT_VERSION,
    pid: Process.id,
    process,
    identifier,
    bundleName,
    bundleVersion,
    bridge: available,
    platform: Process.platform,
    arch: Process.arch,
    role: role(),
    osVersion: isSimulated ? simulated("RUNTIME_VERSION") : kernelText("kern.osproductversion"),
    model: isSimulated ? simulated("MODEL_IDENTIFIER") : kernelText("hw.machine"),
    board: kernelText("hw.model"),
    guest: kernelValue("kern.hv_vmm_present")?.readS32() ?? null,
    builtFor: platform,
    timeZone: zone,
    lane,
    at: now(),
  };
}
