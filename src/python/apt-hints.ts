/** Something outside Python that a build from source looked for and did not find. */
export interface MissingPiece {
  readonly kind: "header" | "program" | "pkg-config" | "library";
  /** "libpq-fe.h", "pg_config", "cairo" (cairo.pc), "ssl" (-lssl). */
  readonly name: string;
  /** The package of Debian 13 that has it, where we know. */
  readonly package: string | undefined;
}

/** What compilers, build backends and setup scripts say is missing; each once, in their order. */
export function findMissingPieces(output: string): readonly MissingPiece[] {
  const pieces = PHRASES.flatMap(({ kind, phrase, isOfKnown = false }) =>
    [...output.matchAll(phrase)]
      .map((match) => ({
        index: match.index,
        piece: pieceFor(kind, match.slice(1).find((group) => group !== undefined) ?? ""),
      }))
      .filter(({ piece }) => !isOfKnown || piece.package !== undefined),
  );
  const unique = new Map<string, MissingPiece>();
  for (const { piece } of pieces.sort((a, b) => a.index - b.index)) {
    const key = `${piece.kind} ${piece.name}`;
    if (piece.name !== "" && !unique.has(key)) unique.set(key, piece);
  }
  return [...unique.values()];
}

/** "the header libpq-fe.h (Debian package libpq-dev)" */
export function describeMissingPiece({ kind, name, package: debian }: MissingPiece): string {
  const what = {
    header: `the header ${name}`,
    program: `the program ${name}`,
    "pkg-config": `the library ${name} (${name}.pc)`,
    library: `the library ${name} (-l${name})`,
  }[kind];
  return debian === undefined ? what : `${what} (Debian package ${debian})`;
}

interface Phrase {
  readonly kind: MissingPiece["kind"];
  readonly phrase: RegExp;
  /** It is also said of ordinary files: only names that we know count. */
  readonly isOfKnown?: true;
}

const PHRASES: readonly Phrase[] = [
  // gcc and g++; clang.
  {
    kind: "header",
    phrase: /fatal error: ([\w./+-]+\.(?:h|hpp|hh|hxx)|Eigen\/\w+): No such file/g,
  },
  { kind: "header", phrase: /fatal error: '([\w./+-]+)' file not found/g },
  // A shell, env, Python's subprocess, setuptools (distutils), CMake, Meson.
  { kind: "program", phrase: /sh: (?:line )?(?:\d+: )?([\w.+-]+): (?:command )?not found/g },
  { kind: "program", phrase: /No such file or directory: '([\w.+-]+)'/g, isOfKnown: true },
  { kind: "program", phrase: /error: command '([\w.+-]+)' failed: No such file/g },
  { kind: "program", phrase: /unable to execute '([\w.+-]+)': No such file/g },
  { kind: "program", phrase: /(pg_config|mysql_config|curl-config) executable not found/g },
  {
    kind: "program",
    phrase: /(pg_config|mysql_config|curl-config|xml2-config|xslt-config): not found/g,
  },
  { kind: "program", phrase: /Could not run (curl-config)/g },
  { kind: "program", phrase: /Program '?([\w.+-]+)'? (?:not found|found: NO)/g },
  { kind: "program", phrase: /Unknown compiler\(s\): \[\['?(gfortran)/g },
  { kind: "program", phrase: /No (CMAKE_Fortran_COMPILER|CMAKE_CUDA_COMPILER) could be found/g },
  {
    kind: "program",
    phrase:
      /(Rust) toolchain|can't find (Rust) compiler|(cargo), the Rust package manager, is not installed/gi,
  },
  { kind: "program", phrase: /(CMake) must be installed|Could not find (cmake) executable/gi },
  { kind: "program", phrase: /(CUDA_HOME) environment variable is not set/g },
  // pkg-config; Meson; CMake's FindPkgConfig.
  {
    kind: "pkg-config",
    phrase:
      /Package '?([\w.+-]+)'?(?:,[^\n]*)? (?:was )?not found(?: in the pkg-config search path)?$/gm,
  },
  { kind: "pkg-config", phrase: /No package '([\w.+-]+)' found/g },
  { kind: "pkg-config", phrase: /Dependency "([\w.+-]+)" not found/g },
  { kind: "pkg-config", phrase: /'pkg-config --exists ([\w.+-]+)' returned non-zero/g },
  { kind: "pkg-config", phrase: /Could NOT find ([A-Z][\w]*) \(missing/g },
  // The linker.
  { kind: "library", phrase: /cannot find -l([\w.+-]+)/g },
];

function pieceFor(kind: MissingPiece["kind"], found: string): MissingPiece {
  const name = kind === "program" ? (PROGRAM_NAMES[found.toLowerCase()] ?? found) : found;
  return { kind, name, package: TABLES[kind](name) };
}

/** What messages call a program, where it is not the program's name. */
const PROGRAM_NAMES: { readonly [said: string]: string } = {
  rust: "cargo",
  cargo: "cargo",
  cmake: "cmake",
  cmake_fortran_compiler: "gfortran",
  cmake_cuda_compiler: "nvcc",
  cuda_home: "nvcc",
};

/** A header in the package's own folder ("cairo/cairo.h"), else by its last part, else by folder. */
function packageOfHeader(header: string): string | undefined {
  const [folder] = header.split("/");
  return HEADERS[header] ?? (header.includes("/") ? HEADERS[`${folder}/`] : undefined);
}

const TABLES: { readonly [Kind in MissingPiece["kind"]]: (name: string) => string | undefined } = {
  header: packageOfHeader,
  program: (name) => PROGRAMS[name],
  "pkg-config": (name) => PKG_CONFIG[name] ?? PKG_CONFIG[name.toLowerCase()],
  library: (name) => LIBRARIES[name],
};

/** Debian 13 (trixie), see https://packages.debian.org/trixie/ */
const HEADERS: { readonly [header: string]: string | undefined } = {
  "alsa/": "libasound2-dev",
  "apt-pkg/": "libapt-pkg-dev",
  "archive.h": "libarchive-dev",
  "assimp/": "libassimp-dev",
  "avif/": "libavif-dev",
  "bluetooth/": "libbluetooth-dev",
  "boost/": "libboost-all-dev",
  "bzlib.h": "libbz2-dev",
  "cairo.h": "libcairo2-dev",
  "cairo/": "libcairo2-dev",
  "cblas.h": "libopenblas-dev",
  "cups/": "libcups2-dev",
  "curl/": "libcurl4-openssl-dev",
  "db.h": "libdb-dev",
  "dbus/": "libdbus-1-dev",
  "Eigen/": "libeigen3-dev",
  "enchant.h": "libenchant-2-dev",
  "event.h": "libevent-dev",
  "expat.h": "libexpat1-dev",
  "ffi.h": "libffi-dev",
  "fftw3.h": "libfftw3-dev",
  "fontconfig/": "libfontconfig-dev",
  "freetype/": "libfreetype-dev",
  "ft2build.h": "libfreetype-dev",
  "fribidi.h": "libfribidi-dev",
  "fst/": "libfst-dev",
  "fuse.h": "libfuse-dev",
  "gdal.h": "libgdal-dev",
  "gdbm.h": "libgdbm-dev",
  "geos_c.h": "libgeos-dev",
  "gflags/": "libgflags-dev",
  "girepository.h": "libgirepository1.0-dev",
  "GL/": "libgl-dev",
  "GLFW/": "libglfw3-dev",
  "glog/": "libgoogle-glog-dev",
  "glib.h": "libglib2.0-dev",
  "gmp.h": "libgmp-dev",
  "google/": "libprotobuf-dev",
  "graphviz/": "libgraphviz-dev",
  "gsl/": "libgsl-dev",
  "gssapi/": "libkrb5-dev",
  "gssapi.h": "libkrb5-dev",
  "hdf5.h": "libhdf5-dev",
  "hs/": "libhyperscan-dev",
  "igraph.h": "libigraph-dev",
  "jack/": "libjack-jackd2-dev",
  "jpeglib.h": "libjpeg-dev",
  "krb5.h": "libkrb5-dev",
  "lapacke.h": "liblapacke-dev",
  "lber.h": "libldap-dev",
  "ldap.h": "libldap-dev",
  "leptonica/": "libleptonica-dev",
  "libavcodec/": "libavcodec-dev",
  "libavdevice/": "libavdevice-dev",
  "libavfilter/": "libavfilter-dev",
  "libavformat/": "libavformat-dev",
  "libavutil/": "libavutil-dev",
  "libexif/": "libexif-dev",
  "libheif/": "libheif-dev",
  "libmemcached/": "libmemcached-dev",
  "libpq-fe.h": "libpq-dev",
  "libraw/": "libraw-dev",
  "libswresample/": "libswresample-dev",
  "libswscale/": "libswscale-dev",
  "libusb-1.0/": "libusb-1.0-0-dev",
  "libusb.h": "libusb-1.0-0-dev",
  "libvirt/": "libvirt-dev",
  "libxml/": "libxml2-dev",
  "libxslt/": "libxslt1-dev",
  "lmdb.h": "liblmdb-dev",
  "lz4.h": "liblz4-dev",
  "lzma.h": "liblzma-dev",
  "magic.h": "libmagic-dev",
  "mpc.h": "libmpc-dev",
  "mpfr.h": "libmpfr-dev",
  "mpi.h": "libopenmpi-dev",
  "mysql.h": "default-libmysqlclient-dev",
  "mysql/": "default-libmysqlclient-dev",
  "ncurses.h": "libncurses-dev",
  "netcdf.h": "libnetcdf-dev",
  "numa.h": "libnuma-dev",
  "openblas/": "libopenblas-dev",
  "opencv2/": "libopencv-dev",
  "openjpeg.h": "libopenjp2-7-dev",
  "openssl/": "libssl-dev",
  "opus/": "libopus-dev",
  "pango/": "libpango1.0-dev",
  "pcap.h": "libpcap-dev",
  "pcap/": "libpcap-dev",
  "pcre2.h": "libpcre2-dev",
  "png.h": "libpng-dev",
  "poppler/": "libpoppler-cpp-dev",
  "portaudio.h": "portaudio19-dev",
  "proj.h": "libproj-dev",
  "pulse/": "libpulse-dev",
  "rdkafka.h": "librdkafka-dev",
  "librdkafka/": "librdkafka-dev",
  "readline/": "libreadline-dev",
  "rocksdb/": "librocksdb-dev",
  "sasl/": "libsasl2-dev",
  "SDL.h": "libsdl2-dev",
  "SDL2/": "libsdl2-dev",
  "secp256k1.h": "libsecp256k1-dev",
  "snappy.h": "libsnappy-dev",
  "snappy-c.h": "libsnappy-dev",
  "sndfile.h": "libsndfile1-dev",
  "sodium.h": "libsodium-dev",
  "sox.h": "libsox-dev",
  "spatialindex/": "libspatialindex-dev",
  "spdlog/": "libspdlog-dev",
  "sql.h": "unixodbc-dev",
  "sqlext.h": "unixodbc-dev",
  "sqlite3.h": "libsqlite3-dev",
  "sybdb.h": "freetds-dev",
  "systemd/": "libsystemd-dev",
  "tbb/": "libtbb-dev",
  "tcl.h": "tcl-dev",
  "tesseract/": "libtesseract-dev",
  "tiffio.h": "libtiff-dev",
  "tk.h": "tk-dev",
  "unicode/": "libicu-dev",
  "uuid/": "uuid-dev",
  "vips/": "libvips-dev",
  "vorbis/": "libvorbis-dev",
  "webp/": "libwebp-dev",
  "X11/": "libx11-dev",
  "xmlsec/": "libxmlsec1-dev",
  "yaml.h": "libyaml-dev",
  "zbar.h": "libzbar-dev",
  "zlib.h": "zlib1g-dev",
  "zmq.h": "libzmq3-dev",
  "zstd.h": "libzstd-dev",
};

const PROGRAMS: { readonly [program: string]: string | undefined } = {
  autoconf: "autoconf",
  autoreconf: "autoconf",
  automake: "automake",
  bazel: "bazel-bootstrap",
  bison: "bison",
  cargo: "cargo",
  clang: "clang",
  "clang++": "clang",
  cmake: "cmake",
  "curl-config": "libcurl4-openssl-dev",
  dot: "graphviz",
  ffmpeg: "ffmpeg",
  flex: "flex",
  gfortran: "gfortran",
  "gdal-config": "libgdal-dev",
  "geos-config": "libgeos-dev",
  gmake: "make",
  go: "golang-go",
  hg: "mercurial",
  java: "default-jdk-headless",
  javac: "default-jdk-headless",
  "krb5-config": "libkrb5-dev",
  libtoolize: "libtool",
  "llvm-config": "llvm-dev",
  m4: "m4",
  mariadb_config: "libmariadb-dev",
  meson: "meson",
  mpicc: "libopenmpi-dev",
  mysql_config: "default-libmysqlclient-dev",
  nasm: "nasm",
  "nc-config": "libnetcdf-dev",
  ninja: "ninja-build",
  patch: "patch",
  patchelf: "patchelf",
  perl: "perl",
  pg_config: "libpq-dev",
  protoc: "protobuf-compiler",
  R: "r-base-dev",
  rustc: "rustc",
  ssh: "openssh-client",
  svn: "subversion",
  swig: "swig",
  "xml2-config": "libxml2-dev",
  "xslt-config": "libxslt1-dev",
  yasm: "yasm",
};

/** By pkg-config name, and by the name that CMake's find modules give. */
const PKG_CONFIG: { readonly [name: string]: string | undefined } = {
  alsa: "libasound2-dev",
  boost: "libboost-all-dev",
  bzip2: "libbz2-dev",
  cairo: "libcairo2-dev",
  "cairo-gobject": "libcairo2-dev",
  curl: "libcurl4-openssl-dev",
  "dbus-1": "libdbus-1-dev",
  eigen3: "libeigen3-dev",
  expat: "libexpat1-dev",
  fftw3: "libfftw3-dev",
  fontconfig: "libfontconfig-dev",
  freetype: "libfreetype-dev",
  freetype2: "libfreetype-dev",
  fuse3: "libfuse3-dev",
  gdal: "libgdal-dev",
  geos: "libgeos-dev",
  "girepository-1.0": "libgirepository1.0-dev",
  "girepository-2.0": "libgirepository-2.0-dev",
  gl: "libgl-dev",
  "glib-2.0": "libglib2.0-dev",
  gmp: "libgmp-dev",
  "gobject-introspection-1.0": "libgirepository1.0-dev",
  gsl: "libgsl-dev",
  "gstreamer-1.0": "libgstreamer1.0-dev",
  harfbuzz: "libharfbuzz-dev",
  hdf5: "libhdf5-dev",
  "icu-i18n": "libicu-dev",
  jpeg: "libjpeg-dev",
  lapack: "liblapack-dev",
  libarchive: "libarchive-dev",
  libavcodec: "libavcodec-dev",
  libavdevice: "libavdevice-dev",
  libavfilter: "libavfilter-dev",
  libavformat: "libavformat-dev",
  libavutil: "libavutil-dev",
  libcurl: "libcurl4-openssl-dev",
  libffi: "libffi-dev",
  libheif: "libheif-dev",
  libjpeg: "libjpeg-dev",
  liblzma: "liblzma-dev",
  libpng: "libpng-dev",
  libpq: "libpq-dev",
  libsodium: "libsodium-dev",
  libswresample: "libswresample-dev",
  libswscale: "libswscale-dev",
  libsystemd: "libsystemd-dev",
  "libtiff-4": "libtiff-dev",
  "libusb-1.0": "libusb-1.0-0-dev",
  libvirt: "libvirt-dev",
  libwebp: "libwebp-dev",
  "libxml-2.0": "libxml2-dev",
  libxslt: "libxslt1-dev",
  libzmq: "libzmq3-dev",
  libzstd: "libzstd-dev",
  mysqlclient: "default-libmysqlclient-dev",
  mariadb: "libmariadb-dev",
  openblas: "libopenblas-dev",
  opencv4: "libopencv-dev",
  openssl: "libssl-dev",
  pangocairo: "libpango1.0-dev",
  png: "libpng-dev",
  poppler: "libpoppler-cpp-dev",
  "poppler-cpp": "libpoppler-cpp-dev",
  "portaudio-2.0": "portaudio19-dev",
  proj: "libproj-dev",
  protobuf: "libprotobuf-dev",
  sdl2: "libsdl2-dev",
  sndfile: "libsndfile1-dev",
  sqlite3: "libsqlite3-dev",
  tesseract: "libtesseract-dev",
  tiff: "libtiff-dev",
  vips: "libvips-dev",
  x11: "libx11-dev",
  xmlsec1: "libxmlsec1-dev",
  "yaml-0.1": "libyaml-dev",
  zlib: "zlib1g-dev",
};

const LIBRARIES: { readonly [library: string]: string | undefined } = {
  blas: "libblas-dev",
  bz2: "libbz2-dev",
  cblas: "libopenblas-dev",
  crypto: "libssl-dev",
  curl: "libcurl4-openssl-dev",
  ffi: "libffi-dev",
  gfortran: "gfortran",
  GL: "libgl-dev",
  gmp: "libgmp-dev",
  jpeg: "libjpeg-dev",
  lapack: "liblapack-dev",
  lzma: "liblzma-dev",
  openblas: "libopenblas-dev",
  png: "libpng-dev",
  pq: "libpq-dev",
  sndfile: "libsndfile1-dev",
  sqlite3: "libsqlite3-dev",
  ssl: "libssl-dev",
  tbb: "libtbb-dev",
  xml2: "libxml2-dev",
  z: "zlib1g-dev",
  zmq: "libzmq3-dev",
  zstd: "libzstd-dev",
};
