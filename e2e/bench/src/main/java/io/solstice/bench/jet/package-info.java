/**
 * The Nexmark queries on Hazelcast Jet: pipelines on a member of this process that knows no other. Functions are
 * serialized, so they find what they report to in {@link io.solstice.bench.nexmark.QueryRun}.
 */
@NullMarked
package io.solstice.bench.jet;

import org.jspecify.annotations.NullMarked;
