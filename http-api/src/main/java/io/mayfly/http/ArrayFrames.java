package io.mayfly.http;

/** The elements of one JSON array. Whether an element is JSON is for its reader to say. */
final class ArrayFrames extends Frames {
  private enum Place {
    BEFORE,
    FIRST,
    NEXT,
    ELEMENT,
    TEXT,
    ESCAPE,
    OVER
  }

  private Place place = Place.BEFORE;
  private int depth;

  /** Whether the element, as far as it has come, ends with the bracket that closes it. */
  private boolean closed;

  ArrayFrames(int bytesMax) {
    super(bytesMax);
  }

  @Override
  protected Step step(int b) {
    return switch (place) {
      case BEFORE -> b == '[' ? moved(Place.FIRST, Step.OUTSIDE) : onlySpace(b);
      case FIRST -> b == ']' ? moved(Place.OVER, Step.OUTSIDE) : beginning(b);
      case NEXT -> beginning(b);
      case ELEMENT -> inElement(b);
      case TEXT -> inText(b);
      case ESCAPE -> moved(Place.TEXT, Step.INSIDE);
      case OVER -> onlySpace(b);
    };
  }

  private Step moved(Place to, Step step) {
    place = to;
    return step;
  }

  private static boolean space(int b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static Step onlySpace(int b) {
    return space(b) ? Step.OUTSIDE : Step.BROKEN;
  }

  private Step beginning(int b) {
    if (space(b)) {
      return Step.OUTSIDE;
    }
    if (b == ',' || b == ']' || b == '}') {
      return Step.BROKEN;
    }
    place = Place.ELEMENT;
    return inElement(b);
  }

  private Step inElement(int b) {
    closed = (b == '}' || b == ']') && depth == 1;
    switch (b) {
      case '"' -> place = Place.TEXT;
      case '{', '[' -> depth++;
      case '}', ']' -> {
        if (depth == 0) {
          return b == ']' ? moved(Place.OVER, Step.AFTER) : Step.BROKEN;
        }
        depth--;
      }
      case ',' -> {
        if (depth == 0) {
          return moved(Place.NEXT, Step.AFTER);
        }
      }
      default -> {}
    }
    return Step.INSIDE;
  }

  private Step inText(int b) {
    if (b == '"') {
      place = Place.ELEMENT;
    } else if (b == '\\') {
      place = Place.ESCAPE;
    }
    return Step.INSIDE;
  }

  @Override
  protected boolean mayEnd() {
    return place == Place.OVER;
  }

  @Override
  protected boolean endsWithStream() {
    return place == Place.ELEMENT && closed;
  }
}
