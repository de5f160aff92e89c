/** What a task knows of the GPUs that are its own. Start with {@link io.solstice.api.gpu.GpuContext}. */
@NullMarked
package io.solstice.api.gpu;

import org.jspecify.annotations.NullMarked;
