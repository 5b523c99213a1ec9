/** How the plug-ins of every store are tried. */
@NullMarked
package io.mayfly.persistence.plugin;

import org.jspecify.annotations.NullMarked;
