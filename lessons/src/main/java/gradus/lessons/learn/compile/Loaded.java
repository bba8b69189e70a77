package gradus.lessons.learn.compile;

import java.util.Map;

/// The class loader of one answer: its classes come from memory, all others from the course's own loader.
public final class Loaded extends ClassLoader {
    private final Map<String, byte[]> classes;

    private Loaded(Map<String, byte[]> classes) {
        super(Loaded.class.getClassLoader());
        this.classes = classes;
    }

    /// The class of that name among some compiled ones.
    public static Class<?> of(String name, Map<String, byte[]> classes) {
        try {
            return Class.forName(name, true, new Loaded(classes));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("no class " + name + " among " + classes.keySet(), e);
        }
    }

    /// An answer's own classes stand before the course's of the same name: the right answer is one of those.
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defineClass(name, bytes, 0, bytes.length) : loaded;
        }
    }
}
