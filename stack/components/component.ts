// What a component of the stack is: a program that somebody else makes, at one pinned version.

export const COMPONENT_NAMES = [
  'postgres',
  'redis',
  'kafka',
  'temporal',
  'temporal-test-server',
  'promtool',
  'prometheus',
  'alertmanager',
  'amtool',
  'node-exporter',
  'postgres-exporter',
  'redis-exporter',
  'victoria-metrics',
  'nginx',
  'crowdsec',
  'crowdsec-firewall-bouncer',
  'fail2ban',
  'lynis',
] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

export type Platform = 'linux-x64' | 'linux-arm64';

export interface Component {
  readonly name: ComponentName;
  /** The version that is downloaded; one on the PATH may differ, see `programs`. */
  readonly version: string;
  /** What the download is kept as where several components come in one; else their own name. */
  readonly package?: string;
  /** The environment variable that names a running one, which is then used as it is. */
  readonly addressVariable?: string;
  /** Programs on the PATH that serve as well, best first. */
  readonly programs: readonly ProgramOnPath[];
  /** What it runs on, and what is never downloaded. */
  readonly runtime?: ProgramOnPath;
  readonly source: Source;
  /** The one thing to do when it cannot be had. */
  readonly remedy: string;
}

export interface ProgramOnPath {
  readonly program: string;
  /** Programs that must stand beside it. */
  readonly siblings?: readonly string[];
  readonly minimumVersion: string;
  /** Directories to look into after those of the PATH; a `*` stands for any one directory. */
  readonly directories?: readonly string[];
  /** What is provided in the program's place, as a path from the program's directory. */
  readonly provides?: string;
}

/** Where a component is downloaded from, always through the registry's own client. */
export type Source =
  | { readonly kind: 'pip' | 'npm' | 'apt'; readonly downloads: Downloads }
  | MavenSource;

export type Downloads = Readonly<Partial<Record<Platform, Download>>>;

/** One file of a registry: its name there, its digest, and what is inside. */
export interface Download {
  /** As the client is asked for it. */
  readonly specification: string;
  readonly sha256: string;
  /** The program's path in the unpacked file. */
  readonly program: string;
}

export interface MavenSource {
  readonly kind: 'maven';
  /** `group:artifact:version`, what they depend on comes along. */
  readonly artifacts: readonly string[];
  /** Over the sorted `sha256sum` lines of all jars. */
  readonly sha256: string;
}

/** A component that can be used, and how it was come by. */
export type Provided =
  | { readonly kind: 'address'; readonly address: string }
  | {
      readonly kind: 'program';
      /** The program; for Kafka the directory of its jars. */
      readonly path: string;
      readonly version: string;
      /** The program that it runs on, where the component has one. */
      readonly runtime?: string;
      readonly origin: 'path' | 'cache' | 'download';
    };

/** A component that cannot be had: which, why, and the one thing to do. */
export class ComponentUnavailableError extends Error {
  override readonly name = 'ComponentUnavailableError';
  readonly component: ComponentName;

  constructor(component: ComponentName, reason: string, remedy: string, options?: ErrorOptions) {
    super(`${component} cannot be had: ${reason}. What to do: ${remedy}`, options);
    this.component = component;
  }
}
