/**
 * JSON lines and CSV. Start with {@link io.solstice.connector.files.FilesConnector}. {@code TextSource} plans and
 * opens; {@code JsonReader} and {@code CsvReader} decode text straight into Arrow vectors; {@code TextSink} and its
 * writers go the other way. {@link io.solstice.connector.files.InputFiles} and
 * {@link io.solstice.connector.files.StagedFiles} know nothing of formats and serve other connectors of files too.
 */
@NullMarked
package io.solstice.connector.files;

import org.jspecify.annotations.NullMarked;
