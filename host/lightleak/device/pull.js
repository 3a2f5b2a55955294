// Lists and reads the files below a folder, in whatever process may: Frida's own process as root, on a phone.
// Frida has no file transfer in its API; frida-pull does the same with a script.

const DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8;
// struct dirent, arm64: { type, name } offsets. Source: <sys/dirent.h> of Darwin and of glibc.
const DIRENT = Process.platform === 'darwin' ? { type: 20, name: 21 } : { type: 18, name: 19 };
const MAX_DEPTH = 8;
const MAX_FILES = 20000;

const opendir = new SystemFunction(Module.getGlobalExportByName('opendir'), 'pointer', ['pointer']);
const readdir = new NativeFunction(Module.getGlobalExportByName('readdir'), 'pointer', ['pointer']);
const closedir = new NativeFunction(Module.getGlobalExportByName('closedir'), 'int', ['pointer']);
const strerror = new NativeFunction(Module.getGlobalExportByName('strerror'), 'pointer', ['int']);

rpc.exports = {
  list(folder) {
    const found = [];
    walk(folder, '', found, 0);
    return found;
  },
  // The beginning tells whether the daemon has written to a segment meanwhile.
  look(path) {
    return withFile(path, file => {
      file.seek(0, File.SEEK_END);
      const size = file.tell();
      file.seek(0, File.SEEK_SET);
      const start = Array.from(new Uint8Array(file.readBytes(32)));
      return { size, start };
    });
  },
  read(path, offset, count) {
    return withFile(path, file => {
      file.seek(offset, File.SEEK_SET);
      return file.readBytes(count);
    });
  }
};

function walk(folder, below, found, depth) {
  const { value: directory, errno } = opendir(Memory.allocUtf8String(folder));
  if (directory.isNull()) {
    if (depth > 0) return false;
    throw new Error(`${strerror(errno).readUtf8String()} [errno ${errno}]`);
  }
  try {
    for (let entry = readdir(directory); !entry.isNull(); entry = readdir(directory)) {
      const name = entry.add(DIRENT.name).readUtf8String();
      const type = entry.add(DIRENT.type).readU8();
      if (name === '.' || name === '..' || found.length >= MAX_FILES) continue;
      const path = `${folder}/${name}`;
      const isFolder = type === DT_DIR || type === DT_UNKNOWN;
      const walked = isFolder && depth < MAX_DEPTH && walk(path, `${below}${name}/`, found, depth + 1);
      if (!walked && (type === DT_REG || type === DT_UNKNOWN)) found.push(below + name);
    }
  } finally {
    closedir(directory);
  }
  return true;
}

function withFile(path, use) {
  const file = new File(path, 'rb');
  try {
    return use(file);
  } finally {
    file.close();
  }
}
