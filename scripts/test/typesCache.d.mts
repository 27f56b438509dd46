export function surroundings(): string;

export interface RememberedCheck {
  readonly holds: () => boolean;
  readonly passed: () => void;
  readonly failed: () => void;
}

export function rememberedCheck(buildInfo: string, around: string): RememberedCheck;
