package gradus.tensor.memory;

import gradus.error.ShapeException;
import java.util.ArrayList;

/// The buffers made on one thread while a scope is open. Scopes nest; closing one gives its buffers back.
public final class ScopeMemory {
    private static final ThreadLocal<ScopeMemory> CURRENT = new ThreadLocal<>();

    private final ScopeMemory outer;
    private final ArrayList<Buffer> buffers = new ArrayList<>();
    private boolean open = true;

    private ScopeMemory(ScopeMemory outer) {
        this.outer = outer;
    }

    /// Opens a scope inside the one now open on this thread.
    public static ScopeMemory open() {
        ScopeMemory scope = new ScopeMemory(CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    static ScopeMemory current() {
        return CURRENT.get();
    }

    /// Gives back every buffer that was made inside and not kept. Inner scopes left open end with it; a scope that has
    /// ended already is left alone.
    ///
    /// @throws ShapeException if another thread opened it
    public void close() {
        if (!open) {
            return;
        }
        ShapeException.require(isOpenHere(), "scope: only the thread that opened it may close it");
        for (ScopeMemory scope = CURRENT.get(); scope != outer; scope = scope.outer) {
            scope.giveBack();
        }
        CURRENT.set(outer);
    }

    private boolean isOpenHere() {
        ScopeMemory scope = CURRENT.get();
        while (scope != null && scope != this) {
            scope = scope.outer;
        }
        return scope == this;
    }

    private void giveBack() {
        open = false;
        for (int i = buffers.size() - 1; i >= 0; i--) {
            Buffer buffer = buffers.get(i);
            if (!buffer.isLasting()) {
                buffer.end("its Scope has closed; copy what must outlive it with keep(), item() or toArray()");
            }
        }
        buffers.clear();
    }

    /// Hands a buffer of this scope to the one around it. One that is not of this scope stays where it is.
    public void handUp(Buffer buffer) {
        for (int i = buffers.size() - 1; i >= 0; i--) {
            if (buffers.get(i) == buffer) {
                buffers.remove(i);
                if (outer == null) {
                    buffer.keep();
                } else {
                    outer.add(buffer);
                }
                return;
            }
        }
    }

    void add(Buffer buffer) {
        buffers.add(buffer);
    }
}
