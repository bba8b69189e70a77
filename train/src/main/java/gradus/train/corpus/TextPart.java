package gradus.train.corpus;

import java.io.InputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// A stretch of a text that may be larger than the memory: its files one behind the other, read anew each time.
///
/// A byte order mark at the beginning of a file is no part of the text. Where one file ends without a line's end and
/// another follows, a line's end stands between them, so that no two words grow together.
public final class TextPart implements Iterable<TextPart.Block> {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final List<Source> sources;
    private final long from;
    private final long to;

    /// Some million characters.
    ///
    /// @param endsFile whether its file ends with it
    public record Block(String text, boolean endsFile) {}

    /// Something that can be read again and again.
    interface Source {
        Iterator<String> blocks();
    }

    TextPart(List<Source> sources, long from, long to) {
        this.sources = sources;
        this.from = from;
        this.to = to;
    }

    /// A text that is in memory.
    static Source source(String text) {
        return () -> List.of(text).iterator();
    }

    /// A UTF-8 file.
    ///
    /// @param keepMark whether a byte order mark is taken for a character, as it once was
    static Source source(Path file, boolean keepMark) {
        return () -> {
            InputStream stream;
            try {
                stream = Files.newInputStream(file);
            } catch (IOException e) {
                throw DataFiles.unreadable(file, e);
            }
            Iterator<String> blocks = new TextBlocks(stream, file.toString(), TextPart::betweenCharacters).iterator();
            return new FileBlocks(stream, blocks, keepMark);
        };
    }

    private static int betweenCharacters(String text, int from) {
        return from < text.length() && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    }

    /// Leaves the mark out and closes the stream at its end.
    private static final class FileBlocks implements Iterator<String> {
        private final InputStream stream;
        private final Iterator<String> blocks;
        private boolean first;

        FileBlocks(InputStream stream, Iterator<String> blocks, boolean keepMark) {
            this.stream = stream;
            this.blocks = blocks;
            this.first = !keepMark;
        }

        @Override
        public boolean hasNext() {
            if (blocks.hasNext()) {
                return true;
            }
            try {
                stream.close();
            } catch (IOException readAlready) {
                // What was read is good.
            }
            return false;
        }

        @Override
        public String next() {
            String text = blocks.next();
            boolean marked = first && text.charAt(0) == BYTE_ORDER_MARK;
            first = false;
            return marked ? text.substring(1) : text;
        }
    }

    @Override
    public Iterator<Block> iterator() {
        return new Blocks();
    }

    private final class Blocks implements Iterator<Block> {
        private final Iterator<Source> files = sources.iterator();
        private Iterator<String> file = List.<String>of().iterator();
        private long position;
        private Block next;

        @Override
        public boolean hasNext() {
            while (next == null && position < to && read()) {
                // until something of this part has come
            }
            return next != null;
        }

        @Override
        public Block next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Block block = next;
            next = null;
            return block;
        }

        private boolean read() {
            while (!file.hasNext()) {
                if (!files.hasNext()) {
                    return false;
                }
                file = files.next().blocks();
            }
            String text = file.next();
            boolean ends = !file.hasNext();
            if (ends && files.hasNext() && !text.endsWith("\n")) {
                text += "\n";
            }
            int begin = clip(text, from);
            int end = clip(text, to);
            if (end > begin) {
                next = new Block(text.substring(begin, end), ends && end == text.length());
            }
            position += text.length();
            return true;
        }

        /// Where a place of the whole text lies in this block, never inside a character.
        private int clip(String text, long place) {
            return betweenCharacters(text, (int) Math.clamp(place - position, 0L, (long) text.length()));
        }
    }

    /// A text that is in memory.
    public static TextPart of(String text) {
        return new TextPart(List.of(source(text)), 0, Long.MAX_VALUE);
    }

    /// The same text without the ends of files, as one long document.
    public TextPart asOne() {
        return new TextPart(List.of(() -> texts().iterator()), 0, Long.MAX_VALUE);
    }

    /// All of it, for what fits into the memory.
    public String text() {
        StringBuilder text = new StringBuilder();
        forEach(block -> text.append(block.text()));
        return text.toString();
    }

    /// The blocks' texts, one after another.
    public Iterable<String> texts() {
        return () -> {
            Iterator<Block> blocks = iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return blocks.hasNext();
                }

                @Override
                public String next() {
                    return blocks.next().text();
                }
            };
        };
    }

}
