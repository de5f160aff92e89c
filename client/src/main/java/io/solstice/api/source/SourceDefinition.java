package io.solstice.api.source;

import io.solstice.api.config.StageDefinition;

/** What a source stage reads. */
public sealed interface SourceDefinition extends StageDefinition
        permits ConnectorSource, FlightSource, GeneratorSource, CustomSource {}
