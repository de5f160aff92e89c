/**
 * The ad-click count, free of any engine: events of ads are filtered to views, each is joined with the campaign of its
 * ad by a table that does not change, and the views of a campaign are counted by windows of event time. It is the
 * question of the streaming benchmark that Yahoo published in 2015, without its message queue and its store.
 * {@link io.solstice.bench.adclick.Ads} says what event n is; {@link io.solstice.bench.adclick.AdLoop} answers.
 */
@NullMarked
package io.solstice.bench.adclick;

import org.jspecify.annotations.NullMarked;
