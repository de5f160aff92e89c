/** The jars of jobs, kept under the SHA-256 of their content. Start with {@code ArtifactStore}. */
@NullMarked
package io.solstice.master.artifact;

import org.jspecify.annotations.NullMarked;
