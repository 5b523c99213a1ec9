package io.mayfly.multinode.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** The files of a data directory, to be searched and damaged. No server may run meanwhile. */
public final class StoredFiles {
  private static final String WAL = "\\d+\\.log";
  private static final String TABLE = "\\d+\\.sst";

  private final Path data;

  /** The files below this directory. */
  public StoredFiles(Path data) {
    this.data = data;
  }

  /** All regular files. Those that vanish meanwhile are left out. */
  public List<Path> all() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    Collections.sort(files);
    return files;
  }

  /** The write-ahead log that was written last; fails when there is none with content. */
  public Path newestWal() throws IOException {
    return all().stream()
        .filter(file -> file.getFileName().toString().matches(WAL) && size(file) > 0)
        .max(Comparator.comparingLong(StoredFiles::modifiedMillis))
        .orElseThrow(() -> new AssertionError("no write-ahead log in " + data));
  }

  /** The largest sorted table; fails when there is none. */
  public Path largestTable() throws IOException {
    return all().stream()
        .filter(file -> file.getFileName().toString().matches(TABLE))
        .max(Comparator.comparingLong(StoredFiles::size))
        .orElseThrow(() -> new AssertionError("no sorted table in " + data));
  }

  /** Cuts bytes off the end, as a crash in the middle of a write does. */
  public static void cut(Path file, int bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(Math.max(0, open.length() - bytes));
    }
  }

  /** Appends random bytes. */
  public static void appendGarbage(Path file, int bytes, SplittableRandom random)
      throws IOException {
    Files.write(file, garbage(bytes, random), StandardOpenOption.APPEND);
  }

  /** Overwrites bytes in the middle with random ones. */
  public static void damageMiddle(Path file, int bytes, SplittableRandom random)
      throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(open.length() / 2);
      open.write(garbage(bytes, random));
    }
  }

  /** The files that contain a text, as UTF-8. Files that vanish meanwhile do not. */
  public List<Path> containing(String text) throws IOException {
    return all().stream().filter(file -> contains(file, text)).toList();
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError("not readable: " + file, e);
    }
  }

  private static byte[] garbage(int bytes, SplittableRandom random) {
    byte[] garbage = new byte[bytes];
    random.nextBytes(garbage);
    return garbage;
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static long modifiedMillis(Path file) {
    return file.toFile().lastModified();
  }
}
