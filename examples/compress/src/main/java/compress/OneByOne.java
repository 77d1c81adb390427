package compress;

/** No concurrency at all: what the others are measured by. */
final class OneByOne implements Way {
    @Override
    public void run(Source source, Sink sink, Blocks blocks, int threads) throws Exception {
        for (Block block = source.next(blocks); block != null; block = source.next(blocks)) {
            sink.write(block.coded());
        }
    }
}
