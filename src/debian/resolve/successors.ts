/** What became of a name that Debian 13 no longer has and everybody's files still contain. */
interface Succession {
  /** Absent where nothing took its place. */
  readonly successor?: string;
  /** Of the library that is gone, where its successor's is another: what programs look for. */
  readonly soname?: string;
  /** What to do in its place; a sentence without a full stop. */
  readonly advice?: string;
}

interface Row extends Succession {
  /** A whole name. `$1` of the successor and the soname is its first group. */
  readonly name: RegExp;
  /** Where Debian, or the project, says so. */
  readonly source: string;
}

/** For names that the archive does not have; the first row that fits counts. */
export function successionOf(name: string): Succession | undefined {
  for (const { name: pattern, successor, soname, advice } of SUCCESSORS) {
    if (!pattern.test(name)) continue;
    return {
      ...(successor === undefined ? {} : { successor: name.replace(pattern, successor) }),
      ...(soname === undefined ? {} : { soname: name.replace(pattern, soname) }),
      ...(advice === undefined ? {} : { advice: name.replace(pattern, advice) }),
    };
  }
  return undefined;
}

const PACKAGES = "https://packages.debian.org/trixie";
const TRACKER = "https://tracker.debian.org/pkg";

/** The images have the key of Debian's own archives. */
const NON_FREE = ":repo:deb http://deb.debian.org/debian trixie non-free";

/** Programs that a package has, where no package is called as they are. */
function programs(owner: string, ...names: readonly string[]): readonly Row[] {
  return names.map((name) => ({
    name: new RegExp(`^${name}$`),
    advice: `${name} is a program of the package ${owner}; name that`,
    source: `${PACKAGES}/${owner}`,
  }));
}

function ofPyPI(name: string): string {
  return `On PyPI it is ${name}; it goes into requirements.txt`;
}

/**
 * Libraries keep their purpose, not always their binary interface: a program that was compiled
 * elsewhere against an old one may need that very one, and says so when it starts.
 */
export const SUCCESSORS: readonly Row[] = [
  // OpenGL.
  { name: /^libgl1-mesa-glx$/, successor: "libgl1", source: `${PACKAGES}/libgl1` },
  { name: /^libegl1-mesa$/, successor: "libegl1", source: `${PACKAGES}/libegl1` },
  { name: /^libgles2-mesa$/, successor: "libgles2", source: `${PACKAGES}/libgles2` },
  { name: /^libglapi-mesa$/, successor: "libgl1", source: `${TRACKER}/mesa` },
  { name: /^freeglut3$/, successor: "libglut3.12", source: `${PACKAGES}/libglut3.12` },
  {
    name: /^libglew(2\.[01])$/,
    successor: "libglew2.2",
    soname: "libGLEW.so.$1",
    source: `${PACKAGES}/libglew2.2`,
  },
  // GLib: a file of it was never a package of its own.
  {
    name: /^libg(?:thread|object|io|module)?-?2\.0(?:-0)?$/,
    successor: "libglib2.0-0t64",
    source: `${PACKAGES}/libglib2.0-0t64`,
  },
  {
    name: /^libgdk-pixbuf2\.0-0$/,
    successor: "libgdk-pixbuf-2.0-0",
    source: `${PACKAGES}/libgdk-pixbuf-2.0-0`,
  },
  { name: /^libpango1\.0-0$/, successor: "libpango-1.0-0", source: `${PACKAGES}/libpango-1.0-0` },
  {
    name: /^libwebkit2gtk-4\.0-37$/,
    successor: "libwebkit2gtk-4.1-0",
    soname: "libwebkit2gtk-4.0.so.37",
    source: `${PACKAGES}/libwebkit2gtk-4.1-0`,
  },
  {
    name: /^libappindicator3?-1$|^libappindicator1$/,
    successor: "libayatana-appindicator3-1",
    source: "https://wiki.debian.org/Ayatana/IndicatorsTransition",
  },
  // Python.
  { name: /^python$/, successor: "python3", source: "https://wiki.debian.org/Python/2Removal" },
  {
    name: /^python-dev$|^python2-dev$/,
    successor: "python3-dev",
    source: "https://wiki.debian.org/Python/2Removal",
  },
  {
    name: /^python-(pip|setuptools|wheel|numpy|scipy|matplotlib|opencv|pil|yaml|requests|tk)$/,
    successor: "python3-$1",
    source: "https://wiki.debian.org/Python/2Removal",
  },
  {
    name: /^(?:lib)?python(?:2|2\.7|3\.\d+)(?:-(?:dev|venv|distutils|minimal|stdlib))?$/,
    advice:
      "Debian 13 has Python 3.13 only; the app's Python is chosen with a file .python-version, and its headers come with it",
    source: `${PACKAGES}/python3`,
  },
  {
    name: /^python3-distutils$/,
    advice: "Python has no distutils since 3.12; setuptools in requirements.txt has a copy",
    source: "https://docs.python.org/3/whatsnew/3.12.html#distutils",
  },
  // Libraries with a number in their names.
  { name: /^libssl3$/, successor: "libssl3t64", source: `${PACKAGES}/libssl3t64` },
  {
    name: /^libssl(1\.0\.[02]|1\.1)$/,
    successor: "libssl3t64",
    soname: "libssl.so.$1",
    source: `${PACKAGES}/libssl3t64`,
  },
  { name: /^libssl1\.0-dev$/, successor: "libssl-dev", source: `${PACKAGES}/libssl-dev` },
  {
    name: /^libtiff([45])$/,
    successor: "libtiff6",
    soname: "libtiff.so.$1",
    source: `${PACKAGES}/libtiff6`,
  },
  { name: /^libtiff4-dev$/, successor: "libtiff-dev", source: `${PACKAGES}/libtiff-dev` },
  {
    name: /^libffi([67])$/,
    successor: "libffi8",
    soname: "libffi.so.$1",
    source: `${PACKAGES}/libffi8`,
  },
  {
    name: /^libicu(5\d|6\d|7[0-5])$/,
    successor: "libicu76",
    soname: "libicuuc.so.$1",
    source: `${PACKAGES}/libicu76`,
  },
  {
    name: /^libpng12-0$/,
    successor: "libpng16-16t64",
    soname: "libpng12.so.0",
    source: `${PACKAGES}/libpng16-16t64`,
  },
  { name: /^libpng12-dev$/, successor: "libpng-dev", source: `${PACKAGES}/libpng-dev` },
  {
    name: /^libjpeg(?:8|-turbo8)$/,
    successor: "libjpeg62-turbo",
    soname: "libjpeg.so.8",
    source: `${PACKAGES}/libjpeg62-turbo`,
  },
  {
    name: /^libjpeg(?:8|-turbo8)-dev$/,
    successor: "libjpeg62-turbo-dev",
    source: `${PACKAGES}/libjpeg62-turbo-dev`,
  },
  {
    name: /^libwebp([56])$/,
    successor: "libwebp7",
    soname: "libwebp.so.$1",
    source: `${PACKAGES}/libwebp7`,
  },
  {
    name: /^libopenexr(?:2[2-5]|-dev2)$/,
    successor: "libopenexr-3-1-30",
    source: `${PACKAGES}/libopenexr-3-1-30`,
  },
  {
    name: /^libavcodec(5[6-9]|60)$/,
    successor: "libavcodec61",
    soname: "libavcodec.so.$1",
    source: `${PACKAGES}/libavcodec61`,
  },
  {
    name: /^libavformat(5[6-9]|60)$/,
    successor: "libavformat61",
    soname: "libavformat.so.$1",
    source: `${PACKAGES}/libavformat61`,
  },
  {
    name: /^libavdevice(5[6-9]|60)$/,
    successor: "libavdevice61",
    soname: "libavdevice.so.$1",
    source: `${PACKAGES}/libavdevice61`,
  },
  {
    name: /^libavutil(5[4-8])$/,
    successor: "libavutil59",
    soname: "libavutil.so.$1",
    source: `${PACKAGES}/libavutil59`,
  },
  {
    name: /^libavfilter([5-9])$/,
    successor: "libavfilter10",
    soname: "libavfilter.so.$1",
    source: `${PACKAGES}/libavfilter10`,
  },
  {
    name: /^libswscale([3-7])$/,
    successor: "libswscale8",
    soname: "libswscale.so.$1",
    source: `${PACKAGES}/libswscale8`,
  },
  {
    name: /^libswresample([1-4])$/,
    successor: "libswresample5",
    soname: "libswresample.so.$1",
    source: `${PACKAGES}/libswresample5`,
  },
  {
    name: /^libx264-(1[45]\d|16[0-3])$/,
    successor: "libx264-164",
    soname: "libx264.so.$1",
    source: `${PACKAGES}/libx264-164`,
  },
  {
    name: /^libvpx([4-8])$/,
    successor: "libvpx9",
    soname: "libvpx.so.$1",
    source: `${PACKAGES}/libvpx9`,
  },
  {
    name: /^libdc1394-22$/,
    successor: "libdc1394-25",
    soname: "libdc1394.so.22",
    source: `${PACKAGES}/libdc1394-25`,
  },
  { name: /^libdc1394-22-dev$/, successor: "libdc1394-dev", source: `${PACKAGES}/libdc1394-dev` },
  {
    name: /^libtbb2$/,
    successor: "libtbb12",
    soname: "libtbb.so.2",
    source: `${PACKAGES}/libtbb12`,
  },
  {
    name: /^libncurses5$/,
    successor: "libncurses6",
    soname: "libncurses.so.5",
    source: `${PACKAGES}/libncurses6`,
  },
  {
    name: /^libncursesw5$/,
    successor: "libncursesw6",
    soname: "libncursesw.so.5",
    source: `${PACKAGES}/libncursesw6`,
  },
  {
    name: /^libtinfo5$/,
    successor: "libtinfo6",
    soname: "libtinfo.so.5",
    source: `${PACKAGES}/libtinfo6`,
  },
  {
    name: /^libncursesw?5-dev$/,
    successor: "libncurses-dev",
    source: `${PACKAGES}/libncurses-dev`,
  },
  {
    name: /^libreadline([67])$/,
    successor: "libreadline8t64",
    soname: "libreadline.so.$1",
    source: `${PACKAGES}/libreadline8t64`,
  },
  {
    name: /^libreadline6-dev$/,
    successor: "libreadline-dev",
    source: `${PACKAGES}/libreadline-dev`,
  },
  { name: /^libcurl3$/, successor: "libcurl4t64", source: `${PACKAGES}/libcurl4t64` },
  {
    name: /^libldap-(2\.[45])-([02])$/,
    successor: "libldap2",
    soname: "libldap-$1.so.$2",
    source: `${PACKAGES}/libldap2`,
  },
  { name: /^libodbc1$/, successor: "libodbc2", source: `${PACKAGES}/libodbc2` },
  { name: /^odbcinst1debian2$/, successor: "libodbcinst2", source: `${PACKAGES}/libodbcinst2` },
  {
    name: /^liblept5$/,
    successor: "libleptonica6",
    soname: "liblept.so.5",
    source: `${PACKAGES}/libleptonica6`,
  },
  {
    name: /^libtesseract([34])$/,
    successor: "libtesseract5",
    soname: "libtesseract.so.$1",
    source: `${PACKAGES}/libtesseract5`,
  },
  {
    name: /^libgdal(2\d|3[0-5])$/,
    successor: "libgdal36",
    soname: "libgdal.so.$1",
    source: `${PACKAGES}/libgdal36`,
  },
  {
    name: /^libproj(1\d|2[0-4])$/,
    successor: "libproj25",
    soname: "libproj.so.$1",
    source: `${PACKAGES}/libproj25`,
  },
  {
    name: /^libspatialindex([56])$/,
    successor: "libspatialindex8",
    soname: "libspatialindex.so.$1",
    source: `${PACKAGES}/libspatialindex8`,
  },
  {
    name: /^libspatialindex-c([56])$/,
    successor: "libspatialindex-c8",
    soname: "libspatialindex_c.so.$1",
    source: `${PACKAGES}/libspatialindex-c8`,
  },
  {
    name: /^libhdf5-(10[0-3])(?:-1)?$/,
    successor: "libhdf5-310",
    soname: "libhdf5_serial.so.$1",
    source: `${PACKAGES}/libhdf5-310`,
  },
  {
    name: /^libgfortran([34])$/,
    successor: "libgfortran5",
    soname: "libgfortran.so.$1",
    source: `${PACKAGES}/libgfortran5`,
  },
  {
    name: /^libprotobuf(10|17|2\d|3[01])$/,
    successor: "libprotobuf32t64",
    soname: "libprotobuf.so.$1",
    source: `${PACKAGES}/libprotobuf32t64`,
  },
  { name: /^libopenmpi[23]$/, successor: "libopenmpi40", source: `${PACKAGES}/libopenmpi40` },
  { name: /^libzip4$/, successor: "libzip5", source: `${PACKAGES}/libzip5` },
  {
    name: /^libdav1d([4-6])$/,
    successor: "libdav1d7",
    soname: "libdav1d.so.$1",
    source: `${PACKAGES}/libdav1d7`,
  },
  {
    name: /^libgcrypt11-dev$/,
    successor: "libgcrypt20-dev",
    source: `${PACKAGES}/libgcrypt20-dev`,
  },
  {
    name: /^libprocps(\d)$/,
    successor: "libproc2-0",
    soname: "libprocps.so.$1",
    source: `${PACKAGES}/libproc2-0`,
  },
  {
    name: /^libatlas-base-dev$/,
    successor: "libopenblas-dev",
    source: `${TRACKER}/atlas`,
  },
  {
    name: /^libmagickwand-6\.q16-(\d+)$/,
    successor: "libmagickwand-7.q16-10",
    soname: "libMagickWand-6.Q16.so.$1",
    source: `${PACKAGES}/libmagickwand-7.q16-10`,
  },
  // Programs.
  {
    name: /^openjdk-(?:8|11|17|18|19|20)-(.*)$/,
    successor: "openjdk-21-$1",
    source: `${PACKAGES}/openjdk-21-jre`,
  },
  {
    name: /^postgresql-client-(?:9\.\d|1[0-6])$/,
    successor: "postgresql-client-17",
    source: `${PACKAGES}/postgresql-client-17`,
  },
  { name: /^netcat$/, successor: "netcat-openbsd", source: `${PACKAGES}/netcat-openbsd` },
  {
    name: /^mysql-client$/,
    successor: "default-mysql-client",
    source: `${PACKAGES}/default-mysql-client`,
  },
  {
    name: /^mysql-server(?:-\d\.\d)?$/,
    advice:
      "A database server is a service of its own, which the app reaches over the network; its client is default-mysql-client",
    source: `${PACKAGES}/default-mysql-server`,
  },
  {
    name: /^libmysqlclient-dev$|^libmariadbclient-dev$/,
    successor: "default-libmysqlclient-dev",
    source: `${PACKAGES}/default-libmysqlclient-dev`,
  },
  { name: /^(gcc|g\+\+|gfortran)-(?:[4-9]|10)$/, successor: "$1", source: `${PACKAGES}/gcc` },
  { name: /^chromium-browser$/, successor: "chromium", source: `${PACKAGES}/chromium` },
  { name: /^firefox$/, successor: "firefox-esr", source: `${PACKAGES}/firefox-esr` },
  { name: /^youtube-dl$/, successor: "yt-dlp", source: `${TRACKER}/youtube-dl` },
  { name: /^dnsutils$/, successor: "bind9-dnsutils", source: `${PACKAGES}/bind9-dnsutils` },
  { name: /^policykit-1$/, successor: "polkitd", source: `${PACKAGES}/polkitd` },
  { name: /^mime-support$/, successor: "mailcap", source: `${PACKAGES}/mailcap` },
  { name: /^exa$/, successor: "eza", source: `${TRACKER}/rust-exa` },
  { name: /^neofetch$/, successor: "fastfetch", source: `${TRACKER}/neofetch` },
  {
    name: /^(?:chromium-)?chromedriver$/,
    successor: "chromium-driver",
    source: `${PACKAGES}/chromium-driver`,
  },
  // Programs by their own names.
  ...programs("postgresql-client", "psql", "pg_dump", "pg_restore"),
  ...programs("imagemagick", "convert", "mogrify", "identify"),
  ...programs("redis-tools", "redis-cli"),
  ...programs("poppler-utils", "pdftotext", "pdftoppm", "pdfinfo"),
  ...programs("default-mysql-client", "mysql", "mysqldump"),
  ...programs("libimage-exiftool-perl", "exiftool"),
  ...programs("ffmpeg", "ffprobe"),
  ...programs("libreoffice", "soffice"),
  ...programs("bind9-dnsutils", "dig", "nslookup"),
  ...programs("protobuf-compiler", "protoc"),
  ...programs("texlive-latex-base", "pdflatex"),
  // Files of libraries, as an error names them.
  {
    name: /^libgl(?:\.so(?:\.1)?)?$/,
    advice: "The package of this library is libgl1",
    source: `${PACKAGES}/libgl1`,
  },
  {
    name: /^libgthread-2\.0\.so(?:\.0)?$/,
    advice: "The package of this library is libglib2.0-0t64",
    source: `${PACKAGES}/libglib2.0-0t64`,
  },
  {
    name: /^(lib\S*\.so(?:\.\d+)*)$/,
    advice:
      "This is a file, not a package; the package that has it is found here\nhttps://packages.debian.org/search?suite=trixie&searchon=contents&mode=filename&keywords=$1",
    source: "https://www.debian.org/distrib/packages#search_contents",
  },
  // Packages of PyPI.
  {
    name: /^(numpy|scipy|pandas|matplotlib|pillow|requests|flask|django|fastapi|streamlit|gradio|torch|torchvision|torchaudio|tensorflow|keras|jax|transformers|scikit-learn|scikit-image|xgboost|lightgbm|opencv(?:-contrib)?-python(?:-headless)?)$/,
    advice: "$1 is a package of PyPI; it goes into requirements.txt",
    source: "https://pypi.org",
  },
  {
    name: /^sklearn$/,
    advice: ofPyPI("scikit-learn"),
    source: "https://pypi.org/project/scikit-learn",
  },
  { name: /^pytorch$/, advice: ofPyPI("torch"), source: "https://pypi.org/project/torch" },
  // Not in Debian's main: https://www.debian.org/doc/debian-policy/ch-archive.html
  {
    name: /^(?:nvidia-(?:driver|smi|utils)(?:-.*)?|nvidia-(?:kernel|opencl).*|libcuda1|libnvidia-.*)$/,
    advice:
      "The driver is the machine's: the container runtime brings it with nvidia-smi and libcuda, and another in the image would not fit; remove the line",
    source: "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/",
  },
  {
    name: /^(?:cuda(?:-.*)?|libcud(?:nn|art).*|libcu(?:blas|fft|rand|solver|sparse).*|libnccl.*|libnvinfer.*|libnvonnxparsers?.*|tensorrt.*|cudnn.*|nvidia-(?:cudnn|container-toolkit|docker2?|container-runtime))$/,
    advice:
      "The wheels of PyTorch, TensorFlow, JAX and others bring CUDA's libraries, and the machine the driver; remove the line",
    source: "https://pypi.org/project/nvidia-cudnn-cu12",
  },
  {
    name: /^(?:nvidia-cuda-(?:toolkit|dev|gdb)|nvidia-profiler|intel-mkl.*|libmkl-.*|unrar|rar|p7zip-rar|7zip-rar|libfdk-aac-dev|libttspico-utils|snmp-mibs-downloader)$/,
    advice: `It is in Debian's non-free; add this line\n${NON_FREE}`,
    source: "https://packages.debian.org/trixie/non-free/",
  },
  // Fonts.
  {
    name: /^ttf-(dejavu|dejavu-core|liberation|wqy-zenhei)$/,
    successor: "fonts-$1",
    source: "https://wiki.debian.org/Fonts",
  },
  {
    name: /^ttf-freefont$/,
    successor: "fonts-freefont-ttf",
    source: "https://wiki.debian.org/Fonts",
  },
  {
    name: /^ttf-mscorefonts-installer$/,
    advice:
      "It is in Debian's contrib, and downloads the fonts with a script that is not run; fonts-liberation has fonts of the same widths",
    source: "https://packages.debian.org/trixie/ttf-mscorefonts-installer",
  },
  // Gone for good.
  {
    name: /^libjasper(?:-dev|1|-runtime)$/,
    advice:
      "Debian has dropped JasPer; libopenjp2-7 (libopenjp2-7-dev) reads JPEG 2000, and OpenCV needs neither",
    source: `${TRACKER}/jasper`,
  },
  {
    name: /^libpcre3(?:-dev)?$/,
    advice:
      "Debian has dropped PCRE 1; its successor with another interface is libpcre2-8-0 (libpcre2-dev)",
    source: `${TRACKER}/pcre3`,
  },
  {
    name: /^wkhtmltopdf$/,
    advice:
      "Debian has dropped it; chromium prints to PDF, and its project offers a .deb, whose address and checksum a line can name",
    source: `${TRACKER}/wkhtmltopdf`,
  },
  {
    name: /^phantomjs$/,
    advice: "Debian has dropped it; chromium runs without a screen, too",
    source: `${TRACKER}/phantomjs`,
  },
  {
    name: /^software-properties-common$/,
    advice: "add-apt-repository can't be run here; archives of packages go into apt.sources.d",
    source: `${TRACKER}/software-properties`,
  },
  {
    name: /^libgconf-2-4$/,
    advice: "Debian has dropped GConf; current Chromium and Electron do not need it",
    source: `${TRACKER}/gconf`,
  },
  {
    name: /^libavresample[2-4]$/,
    advice: "FFmpeg has dropped it; libswresample5 took its place",
    source: "https://ffmpeg.org/index.html#pr5.0",
  },
  // Names of the time_t transition that nothing provides: the same library, with 64 bits of time.
  {
    name: /^(libgnutls30|libhogweed6|libnettle8|libxmlsec1|libelf1|libzbar0|libraw23|libmagic1|libgphoto2-6|libpsl5|libuv1|libarchive13|libvips42|libevent-2\.1-7|libreadline8|libcups2|libatk1\.0-0|libatspi2\.0-0|libatk-bridge2\.0-0|libgtk2\.0-0|libgtk-3-0|libqt5gui5|libqt5core5|libaio1|libasound2|libcurl4|libglib2\.0-0|libpng16-16|libdb5\.3|libmemcached11|libmpg123-0)$/,
    successor: "$1t64",
    source: "https://wiki.debian.org/ReleaseGoals/64bit-time",
  },
];
