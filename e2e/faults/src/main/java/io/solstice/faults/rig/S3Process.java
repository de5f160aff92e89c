package io.solstice.faults.rig;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A process that is an S3 server for one folder: a bucket is a folder in it, an object a file. It can be killed. */
public final class S3Process {
    private S3Process() {}

    /** Arguments: the folder, the address, the port, the name of who may call, and the secret. */
    public static void main(String[] words) throws Exception {
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(words[0]))
                .endpoint(URI.create("http://" + words[1] + ":" + words[2]))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, words[3], words[4])
                .ignoreUnknownHeaders(true)
                .build();
        server.start();
    }
}
