module dev.latent/lab/go

go 1.24
