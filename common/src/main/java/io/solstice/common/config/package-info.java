/**
 * What a master or a worker is told: one immutable record per component, read from flags, environment, file and
 * defaults, in this order. Only the daemons and the command line read configuration; embedded mode loads none of it.
 *
 * <p>Start with {@link io.solstice.common.config.MasterConfig} and {@link io.solstice.common.config.WorkerConfig}; the
 * keys are in {@code CommonKeys}, {@code MasterConfig} and {@code WorkerConfig}, and {@code conf/} and
 * {@code docs/configuration.md} are made from them.
 */
@NullMarked
package io.solstice.common.config;

import org.jspecify.annotations.NullMarked;
