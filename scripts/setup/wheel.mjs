/** TensorFlow's version in its PyPI wheels: the library tfjs-node is built against. */
export const TENSORFLOW = '2.21.0';

/** @typedef {{ package: string, platform: string, libraries: string[] }} Wheel */

/** Where a wheel with a TensorFlow library to link exists, by `platform-architecture`. @type {Record<string, Wheel>} */
const WHEELS = {
  'linux-x64': {
    package: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'linux-arm64': {
    package: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'darwin-arm64': {
    package: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

/** @returns {Wheel | undefined} the wheel for this machine; none on musl (Alpine), Intel Macs and Windows */
export function wheelFor(platform = process.platform, arch = process.arch) {
  if (platform === 'linux' && !hasGlibc()) return undefined;
  return WHEELS[`${platform}-${arch}`];
}

function hasGlibc() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime !== undefined;
}

/**
 * Takes from a wheel the libraries and the C++ headers only: 0.9 of its 1.3 GB.
 * @param {Wheel} wheel @returns {string} a Python program: argv are the wheel's folder and the target
 */
export const unpackProgram = (wheel) => `
import glob, sys, zipfile
folder, target = sys.argv[1:]
wanted = tuple('tensorflow/' + name for name in ${JSON.stringify(wheel.libraries)}) + ('tensorflow/include/',)
with zipfile.ZipFile(glob.glob(folder + '/*.whl')[0]) as archive:
  archive.extractall(target, [name for name in archive.namelist() if name.startswith(wanted)])
`;
