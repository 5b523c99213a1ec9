/** What people see: tables, JSON, progress. */
@NullMarked
package io.mayfly.cli.screen;

import org.jspecify.annotations.NullMarked;
