package io.mayfly.actors.patch;

import io.mayfly.protocol.entry.Violation;

/** Why a patch does not apply. Thrown within the rules, turned into a refusal by them. */
public final class PatchFailure extends Exception {
  private final transient Violation violation;
  private final boolean oversize;

  private PatchFailure(Violation violation, boolean oversize) {
    super(violation.detail(), null, false, false);
    this.violation = violation;
    this.oversize = oversize;
  }

  static PatchFailure at(int operation, String rule, String detail) {
    return new PatchFailure(new Violation(rule, "/" + operation, detail), false);
  }

  static PatchFailure whole(String rule, String detail) {
    return new PatchFailure(new Violation(rule, "", detail), false);
  }

  static PatchFailure oversize(int operation) {
    return new PatchFailure(
        new Violation("limits.valueBytes", "/" + operation, "the document grows too large"), true);
  }

  /** The operation that failed, by pointer into the patch, and why. */
  public Violation violation() {
    return violation;
  }

  /** Whether the document grew beyond its limit. */
  public boolean oversize() {
    return oversize;
  }
}
