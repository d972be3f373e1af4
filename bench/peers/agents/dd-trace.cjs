/** dd-trace's traces alone; the environment turns its other products off. */
require('dd-trace').init();
