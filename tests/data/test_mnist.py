"""MNIST: verified when real, named when not, fetched from the first mirror that has it right."""

from __future__ import annotations

import hashlib
import http.server
import shutil
import threading

import numpy as np
import pytest

from digitdesk.data import mnist, mnist_download
from digitdesk.data.catalog import list_datasets
from digitdesk.data.datasets import load_dataset
from digitdesk.data.mnist import read_mnist
from digitdesk.data.mnist_download import DownloadCancelledError, download_mnist
from digitdesk.errors import ConfigError, DataError, DownloadError


@pytest.fixture
def small_mnist(monkeypatch, small):
    """A MNIST of five images with hashes of its own."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in small.mnist().items()}
    monkeypatch.setattr(mnist, "SHA256", hashes)
    return small


@pytest.fixture
def mirror(tmp_path_factory):
    """A web server on this computer with a folder of files; gives the folder and the address."""
    folder = tmp_path_factory.mktemp("mirror")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, directory=str(folder), **kwargs)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_mirrors_are_several_and_encrypted():
    assert len(mnist_download.MIRRORS) >= 2
    assert all(
        address.startswith("https://") and address[-1] == "/" for address in mnist_download.MIRRORS
    )


def test_download_verifies_and_goes_on_to_the_next_mirror(tmp_path, mirror, small_mnist):
    folder, address = mirror
    small_mnist.write_mnist(folder)
    broken = folder / "broken"
    broken.mkdir()
    (broken / "train-images-idx3-ubyte.gz").write_bytes(b"hello")
    steps = []
    found = download_mnist(
        tmp_path,
        lambda done, total: steps.append((done, total)),
        mirrors=[f"{address}broken/", address],
    )
    assert steps[-1][0] == steps[-1][1] and all(done <= total for done, total in steps)
    assert len(read_mnist(found).train_labels) == 3
    assert sorted(path.name for path in found.iterdir()) == sorted(
        f"{name}.gz" for name in small_mnist.mnist()
    )
    # What is here and right is not fetched again.
    shutil.rmtree(folder)
    folder.mkdir()
    assert download_mnist(tmp_path, mirrors=[address]) == found


def test_download_stops_on_request_and_leaves_nothing_half(tmp_path, mirror, small_mnist):
    folder, address = mirror
    small_mnist.write_mnist(folder)
    answers = iter([False, False, True])
    with pytest.raises(DownloadCancelledError):
        download_mnist(tmp_path, cancelled=lambda: next(answers, True), mirrors=[address])
    assert all(path.suffix == ".gz" for path in (tmp_path / "mnist").iterdir())


def test_no_mirror_has_it(tmp_path, mirror, small_mnist):
    _, address = mirror
    with pytest.raises(DownloadError, match="No mirror gave train-images") as caught:
        download_mnist(tmp_path, mirrors=[address, "http://127.0.0.1:9/"])
    assert "\n" not in caught.value.sentence
    assert not list((tmp_path / "mnist").iterdir())


def test_files_of_another_set(tmp_path, small):
    small.write(tmp_path)
    with pytest.raises(DataError, match="is not MNIST's file"):
        read_mnist(tmp_path)
    (info, *_) = list_datasets(data_dir=tmp_path, user_data=tmp_path / "user")
    assert info.status == "damaged" and "SHA-256" in info.detail


def test_test_files_under_training_names_are_noticed(tmp_path, small_mnist):
    small_mnist.write_mnist(tmp_path)
    for content in ("images-idx3", "labels-idx1"):
        train, test = (tmp_path / f"{s}-{content}-ubyte.gz" for s in ("train", "t10k"))
        train.rename(tmp_path / "other")
        test.rename(train)
        (tmp_path / "other").rename(test)
    with pytest.raises(DataError, match="holds the content of t10k-images"):
        read_mnist(tmp_path)


def test_found_in_the_folder_beside_it_and_the_users(tmp_path, small_mnist):
    data, user = tmp_path / "data", tmp_path / "user"
    for folder in (data / "mnist", data / "other", user / "mnist"):
        folder.mkdir(parents=True)
    missing = {"data_dir": data, "user_data": user}
    with pytest.raises(DataError, match="not on this computer"):
        load_dataset("mnist", **missing)
    assert list_datasets(**missing)[0].can_download
    small_mnist.write_mnist(user / "mnist")
    hashes = {load_dataset("mnist", data_dir=None, user_data=user).sha256}
    shutil.rmtree(user)
    small_mnist.write_mnist(data / "mnist")
    for place in (data, data / "mnist", data / "other"):
        loaded = load_dataset("mnist", data_dir=place, user_data=user)
        hashes.add(loaded.sha256)
        assert (len(loaded.train_labels), len(loaded.test_labels)) == (3, 2)
    assert len(hashes) == 1
    (data / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\.gz is missing"):
        load_dataset("mnist", data_dir=data, user_data=user)


def test_wrong_names(tmp_path):
    for name in ("", "cats", "mnist+", "mnist+cats"):
        with pytest.raises((ConfigError, DataError)):
            load_dataset(name, data_dir=None, user_data=tmp_path)
    with pytest.raises(DataError, match="holds no IDX data set"):
        load_dataset(str(tmp_path), data_dir=None, user_data=tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        load_dataset("mnist", data_dir=tmp_path / "nowhere", user_data=tmp_path)


@pytest.mark.mnist
def test_the_real_one(mnist_dir, tmp_path):
    loaded = load_dataset("mnist", data_dir=mnist_dir, user_data=tmp_path)
    assert loaded.train_images.shape == (60000, 28, 28)
    assert loaded.test_images.shape == (10000, 28, 28)
    assert np.bincount(loaded.test_labels)[1] == 1135
    assert list_datasets(data_dir=mnist_dir, user_data=tmp_path)[0].status == "verified"
