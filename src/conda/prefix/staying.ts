/** Files that stay in the prefix whatever they weigh, and why a link could not stand for them. */
export interface Staying {
  readonly what: string;
  readonly why: string;
  readonly path: RegExp;
}

/**
 * A link serves whoever opens a path as it is written, as the loader does: `$ORIGIN` is the
 * directory of the path that was opened. It does not serve what asks where a file really lies
 * (`realpath`) and looks for others from there, or compares that place with the one it was told.
 */
export const STAYING: readonly Staying[] = [
  {
    what: "Python's modules",
    why: "they look for others from `__file__`, often from where it really lies",
    path: /\.(?:py|pyc|pyi|pyx|pxd|pth)$/,
  },
  {
    what: "programs",
    why: "a program asks `/proc/self/exe` where it is, which follows links",
    path: /(?:^|\/)(?:bin|sbin|libexec)\//,
  },
  {
    what: "what installers and conda read and rewrite",
    why: "it belongs to the environment and changes with it",
    path: /^(?:conda-meta|etc|info|Menu)\/|\.(?:dist|egg)-info\//,
  },
  {
    what: "headers, and what CMake and pkg-config read",
    why: "they name their neighbours by relative paths: https://cmake.org/cmake/help/latest/command/get_filename_component.html",
    path: /(?:^|\/)(?:include|cmake|pkgconfig)\/|\.(?:h|hh|hpp|hxx|cuh|inl|cmake|pc)$/,
  },
  {
    what: "the interpreter's own modules and library",
    why: "Python is run by builds in which heavy packages' layers are absent; and who embeds it looks for it by its real path: https://pypi.org/project/find-libpython/",
    path: /^lib\/libpython[^/]*\.so|^lib\/python[^/]*\/lib-dynload\//,
  },
  {
    what: "Java",
    why: "libjvm.so finds its home by its real path (`os::jvm_path`): https://github.com/openjdk/jdk/blob/master/src/hotspot/os/linux/os_linux.cpp",
    path: /^lib\/jvm\/|(?:^|\/)libjvm\.so$/,
  },
  {
    what: "Qt's core library",
    why: "a relocatable Qt finds its plugins by where its core library is: https://github.com/qt/qtbase/blob/dev/src/corelib/global/qlibraryinfo.cpp",
    path: /(?:^|\/)libQt\d*Core[^/]*\.so/,
  },
  {
    what: "R itself",
    why: "it finds its home and library from its own place: https://cran.r-project.org/doc/manuals/r-release/R-admin.html",
    path: /^lib\/R\/(?:lib|modules)\//,
  },
  {
    what: "ROOT's core and interpreter",
    why: "they find headers and dictionaries by their real path: https://github.com/root-project/root/pull/21033",
    path: /(?:^|\/)lib(?:Core|Cling|RIO)\.so/,
  },
  {
    what: ".NET",
    why: "hostfxr finds the runtime by its real path: https://github.com/dotnet/runtime/blob/main/docs/design/features/host-components.md",
    path: /^lib\/dotnet\//,
  },
  {
    what: "Node.js modules",
    why: "Node.js looks for a module's dependencies from where the module really lies: https://nodejs.org/api/cli.html#--preserve-symlinks",
    path: /(?:^|\/)node_modules\/|\.node$/,
  },
  {
    what: "Perl's modules and library",
    why: "FindBin and a relocatable Perl start from real paths: https://perldoc.perl.org/FindBin",
    path: /^lib\/perl5\/|(?:^|\/)libperl\.so/,
  },
  {
    what: "a compiler's sysroot",
    why: "the linker takes a script for the sysroot's only if it really lies in it: https://sourceware.org/git/?p=binutils-gdb.git;a=blob;f=ld/ldfile.c",
    path: /(?:^|\/)sysroot\//,
  },
  {
    what: "conversions of the C library",
    why: "`gconv-modules` names them relative to itself: https://man7.org/linux/man-pages/man8/iconvconfig.8.html",
    path: /(?:^|\/)gconv\//,
  },
  {
    what: "pages and their parts",
    why: "web servers refuse files that really lie outside of the directory that they serve: https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.UrlDispatcher.add_static https://github.com/encode/starlette/blob/master/starlette/staticfiles.py",
    path: /\.(?:html?|css|m?js|map|svg|ico|woff2?|wasm)$/,
  },
];
