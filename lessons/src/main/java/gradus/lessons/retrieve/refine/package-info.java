/// What becomes of passages between search and reading: shortened to what helps, widened to what stands around
/// them, put into another order.
package gradus.lessons.retrieve.refine;
