package io.mayfly.actors.recent;

/** Something that is remembered under a name since an instant. */
public interface Remembered {
  /** What it is found by. */
  String name();

  /** The instant from which its window counts. */
  long atMillis();
}
