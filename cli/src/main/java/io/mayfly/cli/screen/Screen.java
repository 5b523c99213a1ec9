package io.mayfly.cli.screen;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads from and prints to.
 *
 * @param width the columns of the terminal; 0 where standard output is none
 * @param attended whether somebody looks at standard error
 * @param typed whether standard input is a keyboard
 */
public record Screen(
    InputStream in, PrintStream out, PrintStream err, int width, boolean attended, boolean typed) {
  private static final int BUFFER_BYTES = 8192;

  /**
   * The process's own. What its streams are attached to is told by the launcher in system
   * properties, since not every JDK can tell.
   */
  public static Screen system() {
    return new Screen(
        new FileInputStream(FileDescriptor.in),
        printing(FileDescriptor.out),
        printing(FileDescriptor.err),
        Integer.getInteger("mayfly.columns", 0),
        Boolean.getBoolean("mayfly.attended"),
        Boolean.getBoolean("mayfly.typed"));
  }

  /** Streams that nobody looks at. */
  public static Screen unattended(InputStream in, PrintStream out, PrintStream err) {
    return new Screen(in, out, err, 0, false, false);
  }

  private static PrintStream printing(FileDescriptor descriptor) {
    return new PrintStream(
        new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES),
        false,
        StandardCharsets.UTF_8);
  }

  /** Prints a line that is to be seen at once. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Prints a line on standard error. */
  public void complain(String line) {
    out.flush();
    err.println(line);
    err.flush();
  }

  /** Tells somebody who looks why nothing happens; nobody else. */
  public void note(String sentence) {
    if (attended) {
      complain("mayfly: " + sentence);
    }
  }

  /** Whether nobody takes what is printed any more, as after {@code | head}. */
  public boolean closed() {
    return out.checkError();
  }
}
