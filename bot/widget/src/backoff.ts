/** How long to wait before trying again. */

/** Doubles from `first` to `most` milliseconds; each wait is cut by up to half at random: not all come at once. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly first = 1_000,
    private readonly most = 30_000,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const whole = Math.min(this.most, this.first * 2 ** this.tries);
    this.tries += 1;
    return whole * (1 - this.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
}

/** A wait that can be ended early: when the line is back, or when someone presses "try again". */
export class Pause {
  private wake: (() => void) | null = null;

  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  end(): void {
    this.wake?.();
  }
}
