"""首页.html: what one person has to do first, then what their post may see; a file that needs nobody else."""
