package io.mayfly.http;

/** The lines of NDJSON. Blank lines are no documents, and the last line needs no line feed. */
final class LineFrames extends Frames {
  private boolean inside;

  LineFrames(int bytesMax) {
    super(bytesMax);
  }

  @Override
  protected Step step(int b) {
    if (b == '\n') {
      boolean ended = inside;
      inside = false;
      return ended ? Step.AFTER : Step.OUTSIDE;
    }
    if (!inside && (b == ' ' || b == '\t' || b == '\r')) {
      return Step.OUTSIDE;
    }
    inside = true;
    return Step.INSIDE;
  }

  @Override
  protected boolean mayEnd() {
    return true;
  }

  @Override
  protected boolean endsWithStream() {
    return true;
  }
}
