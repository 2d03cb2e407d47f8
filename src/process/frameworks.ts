/** How a web framework's application object is called by a server. */
export type Interface = "asgi" | "wsgi";

export interface Framework {
  /** As its own documents write it. */
  readonly name: string;
  readonly interface: Interface;
  /** The top of its modules' names. */
  readonly package: string;
  /** The distribution of a server that the framework depends on. */
  readonly brings?: string;
}

/** The framework whose application object `pack.age.Name(...)` makes. */
export function frameworkOf(qualifiedName: string): Framework | undefined {
  const parts = qualifiedName.split(".");
  const [top, last] = [parts[0], parts.at(-1)];
  const found = CONSTRUCTORS.find(
    ({ package: name, within, makes }) =>
      name === top &&
      makes.includes(last ?? "") &&
      (within === undefined || parts.includes(within)),
  );
  return found && { ...found.framework, package: found.package };
}

/** The distributions that have a framework's package; the first is the one to ask for. */
export function distributionsOf(name: string): readonly [string, ...string[]] {
  return DISTRIBUTIONS[name] ?? [name];
}

const DISTRIBUTIONS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  fastapi: ["fastapi", "fastapi-slim"],
  fasthtml: ["python-fasthtml"],
  flask_openapi3: ["flask-openapi3"],
  socketio: ["python-socketio"],
};

interface Constructor {
  readonly package: string;
  /** A part that the dotted name must have. */
  readonly within?: string;
  readonly makes: readonly string[];
  readonly framework: Omit<Framework, "package">;
}

const ASGI = { interface: "asgi" } as const;
const WSGI = { interface: "wsgi" } as const;

// The first that fits counts: the ASGI variant of a package stands before the general one.
const CONSTRUCTORS: readonly Constructor[] = [
  { package: "fastapi", makes: ["FastAPI"], framework: { name: "FastAPI", ...ASGI } },
  { package: "starlette", makes: ["Starlette"], framework: { name: "Starlette", ...ASGI } },
  { package: "litestar", makes: ["Litestar"], framework: { name: "Litestar", ...ASGI } },
  {
    package: "quart",
    makes: ["Quart"],
    framework: { name: "Quart", ...ASGI, brings: "hypercorn" },
  },
  { package: "blacksheep", makes: ["Application"], framework: { name: "BlackSheep", ...ASGI } },
  {
    package: "fasthtml",
    makes: ["FastHTML", "fast_app"],
    framework: { name: "FastHTML", ...ASGI, brings: "uvicorn" },
  },
  { package: "socketio", makes: ["ASGIApp"], framework: { name: "Socket.IO", ...ASGI } },
  { package: "falcon", within: "asgi", makes: ["App"], framework: { name: "Falcon", ...ASGI } },
  { package: "falcon", makes: ["App", "API"], framework: { name: "Falcon", ...WSGI } },
  { package: "flask", makes: ["Flask"], framework: { name: "Flask", ...WSGI } },
  { package: "apiflask", makes: ["APIFlask"], framework: { name: "APIFlask", ...WSGI } },
  { package: "flask_openapi3", makes: ["OpenAPI"], framework: { name: "Flask-OpenAPI3", ...WSGI } },
  { package: "bottle", makes: ["Bottle", "default_app"], framework: { name: "Bottle", ...WSGI } },
  { package: "django", makes: ["get_asgi_application"], framework: { name: "Django", ...ASGI } },
  { package: "channels", makes: ["ProtocolTypeRouter"], framework: { name: "Channels", ...ASGI } },
  { package: "django", makes: ["get_wsgi_application"], framework: { name: "Django", ...WSGI } },
];
