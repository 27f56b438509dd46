/** What helps to choose an architecture. Types only. */

/** A statement of the literature, with where it is made. */
export interface Use {
  readonly text: string;
  readonly source: string;
  readonly url: string;
}

export interface WeightsRow {
  /** `architecture.tag`. */
  readonly name: string;
  readonly licence: string;
  readonly trainedOn: string;
  /** Size of the file, about. */
  readonly bytes: number;
  /** Whether they are in a cache of this machine. */
  readonly here: boolean;
}

/** What is left of the network when it is cut after a block. */
export interface BlockRow {
  readonly name: string;
  readonly featureSize: number;
  readonly parameters: number;
  readonly gmacs: number;
}

export interface ArchitectureRow {
  /** timm's name. */
  readonly name: string;
  readonly title: string;
  readonly family: string;
  /** Of the whole published network, with its 1,000-class layer. */
  readonly parameters: number;
  readonly gmacs: number;
  readonly featureSize: number;
  /** Side of the square input, px. */
  readonly inputSize: number;
  /** The first is the default; empty where only random weights exist. */
  readonly weights: readonly WeightsRow[];
  readonly blocks: readonly BlockRow[];
  /** What the literature uses it for. */
  readonly uses: readonly Use[];
  /** The same in a few words, for lists. */
  readonly usesInShort: string;
  /** What speaks against it; null: nothing known. */
  readonly caution: Use | null;
  /** Measured on this machine when it was last used; null before. */
  readonly imagesPerSecond: number | null;
}

/** What this project's modality, anatomy and size suggest. */
export interface Suggestion {
  readonly architecture: string;
  readonly because: Use;
  /** `last layer` under 1,000 training samples, else `last block`. */
  readonly train: 'last layer' | 'last block';
  readonly trainingSamples: number;
}

export interface ArchitectureCatalog {
  readonly rows: readonly ArchitectureRow[];
  /** What a project without the setting gets. */
  readonly defaultArchitecture: string;
  /** null where neither modality nor anatomy is given. */
  readonly suggestion: Suggestion | null;
}

/** What a person chose for the model of a project. */
export interface ArchitectureChoice {
  readonly architecture: string;
  /** The block after which it is cut; null: the whole network. */
  readonly truncate: string | null;
}

/** A setting that a choice changed; null: not set, or null. */
export interface SettingChange {
  readonly setting: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** An overread.yaml with the choice in it. */
export interface ChosenConfig {
  readonly text: string;
  /** What is different now; empty where it was chosen already. */
  readonly changes: readonly SettingChange[];
}
