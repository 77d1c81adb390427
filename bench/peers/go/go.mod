module dev.latent/peers/go

go 1.24
