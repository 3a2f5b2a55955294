// What the process has used so far: processor time, memory, energy, wake-ups, reads from the disk. Of the whole process, so
// of the agent too. Read on the agent's own thread; a timer does not run while the app is suspended, and wakes nothing.
import { now } from "./clock.js";
import { findExport } from "./native.js";
import type { Recording } from "./recording.js";

const EVERY_S = 10;

export interface Used {
  cpu_ns: number | null;
  footprint_bytes: number | null;
  energy_nj: number | null;
  wakeups: number | null;
  disk_read_bytes: number | null;
}

const NOTHING: Used = { cpu_ns: null, footprint_bytes: null, energy_nj: null, wakeups: null, disk_read_bytes: null };

export class Usage {
  private last_s = -Infinity;
  private due = false;
  private readonly read = Process.platform === "darwin" ? darwin() : linux;

  constructor(private readonly recording: Recording) {}

  /** Called once a second or so. */
  beat(): void {
    if (!this.due && now()[2] - this.last_s >= EVERY_S) this.emit();
  }

  /** Have an event emitted soon, on the agent's thread: called on threads of the app. */
  soon(): void {
    if (this.due) return;
    this.due = true;
    setTimeout(() => {
      this.due = false;
      this.emit();
    }, 0);
  }

  private emit(): void {
    if (!this.recording.running) return;
    const at = now();
    this.last_s = at[2];
    let used = NOTHING;
    try {
      used = this.read();
    } catch (problem) {
      this.recording.fault("usage", problem);
    }
    this.recording.emit({ kind: "usage", at, tid: null, ...used });
  }
}

// Source: sys/resource.h, struct rusage_info_v6; version 4 (iOS 11) ends before RUSAGE.energy. Offsets in bytes; times in mach units.
const RUSAGE = { user: 16, system: 24, idleWakeups: 32, interruptWakeups: 40, footprint: 72, diskRead: 144, energy: 336, bytes: 512 } as const;
const VERSIONS = [6, 4] as const;
const ENERGY_SINCE = 6;

function darwin(): () => Used {
  const [address, timebase] = [findExport("proc_pid_rusage"), findExport("mach_timebase_info")];
  if (address === null || timebase === null) return () => NOTHING;
  const rusage = new NativeFunction(address, "int", ["int", "int", "pointer"]);
  const ratio = Memory.alloc(8);
  new NativeFunction(timebase, "int", ["pointer"])(ratio);
  const nsPerUnit = ratio.readU32() / ratio.add(4).readU32();
  const buffer = Memory.alloc(RUSAGE.bytes);
  const figure = (offset: number): number => Number(buffer.add(offset).readU64());
  return () => {
    const version = VERSIONS.find((one) => rusage(Process.id, one, buffer) === 0);
    if (version === undefined) return NOTHING;
    // A kernel that does not measure energy says 0. What version 4 has is the energy of others, used for this process.
    const energy = version >= ENERGY_SINCE ? figure(RUSAGE.energy) : 0;
    return {
      cpu_ns: Math.round((figure(RUSAGE.user) + figure(RUSAGE.system)) * nsPerUnit),
      footprint_bytes: figure(RUSAGE.footprint),
      energy_nj: energy === 0 ? null : energy,
      wakeups: figure(RUSAGE.idleWakeups) + figure(RUSAGE.interruptWakeups),
      disk_read_bytes: figure(RUSAGE.diskRead),
    };
  };
}

const TICK_NS = 1e7; // Source: proc(5), USER_HZ is 100 wherever Frida runs

// Source: proc(5). Linux counts neither a process's energy nor its wake-ups.
function linux(): Used {
  const words = (name: string): string[] => File.readAllText(`/proc/self/${name}`).trim().split(/\s+/);
  const stat = File.readAllText("/proc/self/stat");
  const after = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from the third field on: a name may contain anything
  const [, resident, shared] = words("statm");
  const read = /read_bytes: (\d+)/.exec(File.readAllText("/proc/self/io"))?.[1];
  return {
    ...NOTHING,
    cpu_ns: (Number(after[11]) + Number(after[12])) * TICK_NS,
    footprint_bytes: (Number(resident) - Number(shared)) * Process.pageSize,
    disk_read_bytes: read === undefined ? null : Number(read),
  };
}
