// An S3 service on a free port of this machine: `node server.mjs FOLDER` prints the port, serves the bucket "pictures" to the key
// S3RVER with the secret S3RVER, and ends when its standard input does. Signatures that do not match are refused.
import S3rver from '@20minutes/s3rver';

const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: process.argv[2],
    allowMismatchedSignatures: false,
    configureBuckets: [{ name: 'pictures', configs: [] }],
});
const { port } = await server.run();
console.log(port);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
