/**
 * The variables by which programs find their own files at another place than the one that was
 * compiled into them. Each row was tried with the program in the run image.
 *
 * There is no row for PYTHONPATH: it would put Debian's Python packages before those of the
 * app, for every Python. https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH
 */
export interface Rule {
  readonly variable: string;
  /**
   * What must be there, relative to the tree; see {@link Tree.match}. The value is what
   * matches, or the directory in which it lies, or its URL.
   */
  readonly exists: readonly string[];
  readonly value?: "parent" | "url";
  /**
   * `list`: everything that matches, before what the variable has, joined by `:`.
   * `one`: the first that matches, where the variable is not set.
   */
  readonly kind: "list" | "one";
  /** Places of the image, which the variable would otherwise replace: they follow. */
  readonly system?: readonly string[];
  readonly delimiter?: string;
  /** Only what compiles needs it. */
  readonly buildOnly?: true;
  /** The document that says what the variable does. */
  readonly source: string;
}

export const RULES: readonly Rule[] = [
  {
    variable: "PATH",
    exists: [
      // Before a linker that answers for compilers only; see find-library.ts.
      "usr/lib/ml-buildpacks/find-library",
      "usr/local/bin",
      "usr/local/sbin",
      "usr/bin",
      "usr/sbin",
      "usr/games",
      // The alternatives that link them to usr/bin are made in loops of a script.
      "usr/lib/jvm/default-java/bin",
      "usr/lib/jvm/java-*-openjdk-*/bin",
      // https://awsdocs-neuron.readthedocs-hosted.com/en/latest/tools/neuron-sys-tools/index.html
      "opt/aws/neuron/bin",
    ],
    kind: "list",
    source: "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
  },
  {
    variable: "CPATH",
    exists: ["usr/local/include", "usr/include", "usr/include/<triplet>"],
    kind: "list",
    buildOnly: true,
    source: "https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html",
  },
  // PyTorch and Triton compile extensions of the run image's Python as they run. The headers of
  // another one come before these, as options.
  ...["C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"].map((variable): Rule => ({
    variable,
    exists: ["usr/include/python3.*"],
    kind: "list",
    source: "https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html",
  })),
  {
    variable: "LIBRARY_PATH",
    exists: ["usr/local/lib", "usr/lib/<triplet>", "usr/lib"],
    kind: "list",
    buildOnly: true,
    source: "https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html",
  },
  {
    variable: "PKG_CONFIG_PATH",
    exists: [
      "usr/local/lib/pkgconfig",
      "usr/lib/<triplet>/pkgconfig",
      "usr/lib/pkgconfig",
      "usr/share/pkgconfig",
    ],
    kind: "list",
    buildOnly: true,
    source: "https://manpages.debian.org/trixie/pkgconf-bin/pkgconf.1.en.html",
  },
  {
    // Its `lib/<triplet>/cmake` and `share/cmake` are searched from there.
    variable: "CMAKE_PREFIX_PATH",
    exists: ["usr/include"],
    value: "parent",
    kind: "list",
    buildOnly: true,
    source: "https://cmake.org/cmake/help/latest/envvar/CMAKE_PREFIX_PATH.html",
  },
  {
    variable: "ACLOCAL_PATH",
    exists: ["usr/share/aclocal"],
    kind: "list",
    buildOnly: true,
    source: "https://www.gnu.org/software/automake/manual/html_node/Macro-Search-Path.html",
  },
  {
    // The order is perl's own (`perl -V`); packages of the archive match the image's perl-base.
    variable: "PERL5LIB",
    exists: [
      "etc/perl",
      "usr/lib/<triplet>/perl5/5.*",
      "usr/share/perl5",
      "usr/lib/<triplet>/perl/5.*",
      "usr/share/perl/5.*",
    ],
    kind: "list",
    source: "https://perldoc.perl.org/perlrun#PERL5LIB",
  },
  {
    variable: "TCLLIBPATH",
    exists: [
      "usr/share/tcltk",
      "usr/lib/tcltk",
      "usr/lib/tcltk/<triplet>",
      "usr/lib/<triplet>/tcltk",
    ],
    kind: "list",
    delimiter: " ",
    source: "https://www.tcl-lang.org/man/tcl8.6/TclCmd/tclvars.htm#M19",
  },
  {
    variable: "TCL_LIBRARY",
    exists: ["usr/share/tcltk/tcl8.*/init.tcl"],
    value: "parent",
    kind: "one",
    source: "https://www.tcl-lang.org/man/tcl8.6/TclCmd/tclvars.htm#M18",
  },
  {
    variable: "TK_LIBRARY",
    exists: ["usr/share/tcltk/tk8.*/tk.tcl"],
    value: "parent",
    kind: "one",
    source: "https://www.tcl-lang.org/man/tcl8.6/TkCmd/tkvars.htm",
  },
  {
    variable: "TESSDATA_PREFIX",
    exists: ["usr/share/tesseract-ocr/*/tessdata"],
    kind: "one",
    source: "https://tesseract-ocr.github.io/tessdoc/Installation.html",
  },
  {
    variable: "GS_LIB",
    exists: [
      "usr/share/ghostscript/*/Resource/Init",
      "usr/share/ghostscript/*/lib",
      "usr/share/ghostscript/*/Resource/Font",
      "usr/share/ghostscript/fonts",
      "var/lib/ghostscript/fonts",
      "usr/share/fonts/type1/urw-base35",
      "usr/share/cups/fonts",
    ],
    kind: "list",
    source: "https://ghostscript.readthedocs.io/en/latest/Use.html#environment-variables",
  },
  {
    variable: "GS_FONTPATH",
    exists: ["usr/share/fonts"],
    kind: "list",
    source: "https://ghostscript.readthedocs.io/en/latest/Use.html#environment-variables",
  },
  {
    variable: "MAGICK_CONFIGURE_PATH",
    exists: [
      "etc/ImageMagick-*",
      "usr/share/ImageMagick-*",
      "usr/lib/<triplet>/ImageMagick-*/config-*",
    ],
    kind: "list",
    source: "https://imagemagick.org/script/resources.php#environment",
  },
  {
    variable: "MAGICK_CODER_MODULE_PATH",
    exists: ["usr/lib/<triplet>/ImageMagick-*/modules-*/coders"],
    kind: "list",
    source: "https://imagemagick.org/script/resources.php#environment",
  },
  {
    variable: "MAGICK_CODER_FILTER_PATH",
    exists: ["usr/lib/<triplet>/ImageMagick-*/modules-*/filters"],
    kind: "list",
    source: "https://imagemagick.org/script/resources.php#environment",
  },
  {
    variable: "MAGIC",
    exists: ["usr/lib/file/magic.mgc"],
    kind: "one",
    source: "https://manpages.debian.org/trixie/libmagic-dev/libmagic.3.en.html",
  },
  {
    variable: "GDAL_DATA",
    exists: ["usr/share/gdal"],
    kind: "one",
    source: "https://gdal.org/en/stable/user/configoptions.html#configoption-GDAL_DATA",
  },
  {
    variable: "GDAL_DRIVER_PATH",
    exists: ["usr/lib/<triplet>/gdalplugins"],
    kind: "list",
    source: "https://gdal.org/en/stable/user/configoptions.html#configoption-GDAL_DRIVER_PATH",
  },
  {
    variable: "PROJ_DATA",
    exists: ["usr/share/proj/proj.db"],
    value: "parent",
    kind: "one",
    source: "https://proj.org/en/stable/usage/environmentvars.html",
  },
  {
    variable: "GST_PLUGIN_SYSTEM_PATH_1_0",
    exists: ["usr/lib/<triplet>/gstreamer-1.0"],
    kind: "list",
    source: "https://gstreamer.freedesktop.org/documentation/gstreamer/running.html",
  },
  {
    variable: "GST_PLUGIN_SCANNER_1_0",
    exists: ["usr/lib/<triplet>/gstreamer1.0/gstreamer-1.0/gst-plugin-scanner"],
    kind: "one",
    source: "https://gstreamer.freedesktop.org/documentation/gstreamer/running.html",
  },
  {
    variable: "GI_TYPELIB_PATH",
    exists: ["usr/lib/<triplet>/girepository-1.0", "usr/lib/girepository-1.0"],
    kind: "list",
    source: "https://docs.gtk.org/girepository/class.Repository.html",
  },
  {
    variable: "GIO_MODULE_DIR",
    exists: ["usr/lib/<triplet>/gio/modules/*.so"],
    value: "parent",
    kind: "one",
    source: "https://docs.gtk.org/gio/overview.html#running-gio-applications",
  },
  {
    variable: "XDG_DATA_DIRS",
    exists: ["usr/share"],
    system: ["/usr/local/share", "/usr/share"],
    kind: "list",
    source: "https://specifications.freedesktop.org/basedir-spec/latest/",
  },
  {
    variable: "GSETTINGS_SCHEMA_DIR",
    exists: ["usr/share/glib-2.0/schemas/gschemas.compiled"],
    value: "parent",
    kind: "list",
    source: "https://docs.gtk.org/gio/class.Settings.html",
  },
  {
    variable: "GDK_PIXBUF_MODULE_FILE",
    exists: ["usr/lib/<triplet>/gdk-pixbuf-2.0/*/loaders.cache"],
    kind: "one",
    source: "https://docs.gtk.org/gdk-pixbuf/class.PixbufLoader.html",
  },
  {
    variable: "FONTCONFIG_FILE",
    exists: ["etc/fonts/fonts.conf"],
    kind: "one",
    source: "https://www.freedesktop.org/software/fontconfig/fontconfig-user.html",
  },
  {
    variable: "TERMINFO_DIRS",
    exists: ["etc/terminfo", "usr/lib/terminfo", "usr/share/terminfo"],
    system: ["/etc/terminfo", "/usr/lib/terminfo", "/usr/share/terminfo"],
    kind: "list",
    source: "https://manpages.debian.org/trixie/ncurses-bin/terminfo.5.en.html",
  },
  {
    // glibc has C.UTF-8 built in, so this takes no locale of the image away.
    variable: "LOCPATH",
    exists: ["usr/lib/locale"],
    kind: "list",
    source: "https://www.gnu.org/software/libc/manual/html_node/Locale-Names.html",
  },
  {
    variable: "JAVA_HOME",
    exists: ["usr/lib/jvm/default-java", "usr/lib/jvm/java-*-openjdk-*"],
    kind: "one",
    source:
      "https://docs.oracle.com/en/java/javase/21/install/installation-jdk-linux-platforms.html",
  },
  {
    variable: "R_HOME",
    exists: ["usr/lib/R"],
    kind: "one",
    source: "https://cran.r-project.org/doc/manuals/r-release/R-exts.html",
  },
  {
    // Rscript reads another name than R does.
    variable: "RHOME",
    exists: ["usr/lib/R"],
    kind: "one",
    source: "https://svn.r-project.org/R/trunk/src/unix/Rscript.c",
  },
  {
    // Bootstrap variables are read from the environment before LibreOffice's own files.
    variable: "BRAND_BASE_DIR",
    exists: ["usr/lib/libreoffice"],
    value: "url",
    kind: "one",
    source:
      "https://wiki.openoffice.org/wiki/Documentation/DevGuide/ProUNO/Bootstrapping_Mechanism",
  },
  {
    variable: "GIT_EXEC_PATH",
    exists: ["usr/lib/git-core"],
    kind: "one",
    source: "https://git-scm.com/docs/git#Documentation/git.txt-GITEXECPATH",
  },
  {
    variable: "GIT_TEMPLATE_DIR",
    exists: ["usr/share/git-core/templates"],
    kind: "one",
    source: "https://git-scm.com/docs/git-init#_template_directory",
  },
  {
    variable: "GIT_CONFIG_SYSTEM",
    exists: ["etc/gitconfig"],
    kind: "one",
    source: "https://git-scm.com/docs/git#Documentation/git.txt-GITCONFIGSYSTEM",
  },
  {
    variable: "ODBCSYSINI",
    exists: ["etc/odbcinst.ini"],
    value: "parent",
    kind: "one",
    source: "https://www.unixodbc.org/doc/UserManual/",
  },
  {
    variable: "ESPEAK_DATA_PATH",
    exists: ["usr/lib/<triplet>/espeak-ng-data", "usr/share/espeak-ng-data"],
    value: "parent",
    kind: "one",
    source: "https://github.com/espeak-ng/espeak-ng/blob/master/src/espeak-ng.1.ronn",
  },
  {
    variable: "LIBGL_DRIVERS_PATH",
    exists: ["usr/lib/<triplet>/dri"],
    kind: "list",
    source: "https://docs.mesa3d.org/envvars.html",
  },
  {
    variable: "LIBVA_DRIVERS_PATH",
    exists: ["usr/lib/<triplet>/dri"],
    kind: "list",
    source: "https://intel.github.io/libva/group__api__core.html",
  },
  {
    variable: "__EGL_VENDOR_LIBRARY_DIRS",
    exists: ["etc/glvnd/egl_vendor.d", "usr/share/glvnd/egl_vendor.d"],
    // NVIDIA's container runtime mounts its own here.
    system: ["/etc/glvnd/egl_vendor.d", "/usr/share/glvnd/egl_vendor.d"],
    kind: "list",
    source: "https://github.com/NVIDIA/libglvnd/blob/master/src/EGL/icd_enumeration.md",
  },
  {
    variable: "OCL_ICD_VENDORS",
    exists: ["etc/OpenCL/vendors"],
    kind: "one",
    source: "https://manpages.debian.org/trixie/ocl-icd-libopencl1/libOpenCL.7.en.html",
  },
  {
    variable: "ALSA_CONFIG_PATH",
    exists: ["usr/share/alsa/alsa.conf"],
    kind: "one",
    source: "https://www.alsa-project.org/alsa-doc/alsa-lib/conf.html",
  },
  {
    variable: "ALSA_CONFIG_DIR",
    exists: ["usr/share/alsa"],
    kind: "one",
    source: "https://www.alsa-project.org/alsa-doc/alsa-lib/conf.html",
  },
  {
    variable: "ALSA_PLUGIN_DIR",
    exists: ["usr/lib/<triplet>/alsa-lib"],
    kind: "one",
    source: "https://www.alsa-project.org/alsa-doc/alsa-lib/conf.html",
  },
  {
    variable: "GVBINDIR",
    exists: ["usr/lib/<triplet>/graphviz"],
    kind: "one",
    source: "https://graphviz.org/doc/info/command.html",
  },
  {
    variable: "LEFTYPATH",
    exists: ["usr/share/graphviz/lefty"],
    kind: "list",
    source: "https://manpages.debian.org/trixie/graphviz/lefty.1.en.html",
  },
  {
    variable: "LADSPA_PATH",
    exists: ["usr/lib/ladspa", "usr/lib/<triplet>/ladspa"],
    kind: "list",
    source: "https://www.ladspa.org/ladspa_sdk/shared_libraries.html",
  },
  {
    variable: "VDPAU_DRIVER_PATH",
    exists: ["usr/lib/<triplet>/vdpau"],
    kind: "one",
    source: "https://vdpau.pages.freedesktop.org/libvdpau/",
  },
  {
    variable: "GBM_BACKENDS_PATH",
    exists: ["usr/lib/<triplet>/gbm"],
    kind: "list",
    source: "https://docs.mesa3d.org/envvars.html",
  },
  {
    variable: "DRIRC_CONFIGDIR",
    exists: ["usr/share/drirc.d"],
    kind: "one",
    source: "https://docs.mesa3d.org/envvars.html",
  },
  {
    variable: "XLOCALEDIR",
    exists: ["usr/share/X11/locale"],
    kind: "one",
    source: "https://www.x.org/releases/current/doc/man/man7/X.7.xhtml",
  },
  {
    variable: "XKB_CONFIG_ROOT",
    exists: ["usr/share/X11/xkb"],
    kind: "one",
    source: "https://xkbcommon.org/doc/current/group__include-path.html",
  },
  {
    variable: "FFMPEG_DATADIR",
    exists: ["usr/share/ffmpeg"],
    kind: "one",
    source: "https://ffmpeg.org/ffmpeg.html#Preset-files",
  },
  {
    variable: "MARIADB_PLUGIN_DIR",
    exists: ["usr/lib/<triplet>/libmariadb3/plugin"],
    kind: "one",
    source: "https://mariadb.com/docs/connectors/mariadb-connector-c",
  },
  {
    variable: "LIBTHAI_DICTDIR",
    exists: ["usr/share/libthai"],
    kind: "one",
    source: "https://linux.thai.net/~thep/libthai/html/thbrk_8h.html",
  },
  {
    variable: "pandoc_datadir",
    exists: ["usr/share/pandoc/data"],
    value: "parent",
    kind: "one",
    source:
      "https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html#accessing-data-files-from-package-code",
  },
  {
    variable: "TEXMFCNF",
    exists: ["etc/texmf/web2c/texmf.cnf", "usr/share/texlive/texmf-dist/web2c/texmf.cnf"],
    value: "parent",
    kind: "list",
    source: "https://www.tug.org/texinfohtml/kpathsea.html#Config-files",
  },
];
