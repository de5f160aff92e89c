/**
 * Objects in a bucket of S3 or of something that speaks its protocol, by conditional writes. Found by
 * {@code type: "s3"}; nobody imports this package. Start with {@link io.solstice.connector.s3.S3ObjectStore}.
 */
@NullMarked
package io.solstice.connector.s3;

import org.jspecify.annotations.NullMarked;
