/// `gradus lab optimizers`: every optimiser at its best learning rate, and whether a rate fits another width.
package gradus.lessons.lab.optimizers;
