/** Long input and output: lines that are read, sent and answered in bounded pieces. */
@NullMarked
package io.mayfly.cli.stream;

import org.jspecify.annotations.NullMarked;
