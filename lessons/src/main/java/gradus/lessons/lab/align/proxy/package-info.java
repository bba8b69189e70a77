/// `gradus lab align`, part (c): what becomes of the true reward when a learned one is optimised.
package gradus.lessons.lab.align.proxy;
